package io.webhookdb.connectors.webhook;

import java.net.URI;
import java.util.regex.Pattern;

/**
 * Where a subscription's deliveries go: its URL, read once.
 *
 * @param uri the URL
 * @param takesDispatches whether it is GitHub's, which asks for a form of its own
 */
record Receiver(URI uri, boolean takesDispatches) {
    private static final Pattern DISPATCHES =
            Pattern.compile("https://api\\.github\\.com/repos/\\w+/\\w+/dispatches");

    /**
     * Reads a URL.
     *
     * @throws IllegalArgumentException if it is none
     */
    static Receiver of(String url) {
        return new Receiver(URI.create(url), DISPATCHES.matcher(url).matches());
    }
}

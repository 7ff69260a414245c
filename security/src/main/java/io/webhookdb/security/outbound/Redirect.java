package io.webhookdb.security.outbound;

import java.net.URI;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/**
 * Where an answer to a POST sends its sender. Pure: the new address has to be judged by an {@link
 * OutboundPolicy} like the first one.
 */
public final class Redirect {
    /** Redirects after which a sender gives up. */
    public static final int MOST = 3;

    /** Those that ask for the same request elsewhere; 303 says that the request was taken. */
    private static final Set<Integer> REPEATING = Set.of(301, 302, 307, 308);

    private Redirect() {}

    /**
     * The address to repeat the POST at; empty if the answer asks for no such thing.
     *
     * @param from the address that answered
     * @param location value of the header Location; null without one
     * @throws OutboundRefusedException if it is no address of a web server
     */
    public static Optional<URI> of(URI from, int status, String location)
            throws OutboundRefusedException {
        if (!REPEATING.contains(status) || location == null || location.isBlank()) {
            return Optional.empty();
        }
        try {
            URI to = from.resolve(location.strip());
            String scheme = to.getScheme() == null ? "" : to.getScheme().toLowerCase(Locale.ROOT);
            if (to.getHost() != null
                    && to.getRawUserInfo() == null
                    && (scheme.equals("https") || scheme.equals("http"))) {
                return Optional.of(to);
            }
        } catch (IllegalArgumentException e) {
            // Refused below, like any other address that cannot be called.
        }
        throw new OutboundRefusedException(
                "it answered with status " + status + " and an address that cannot be called");
    }

    /** Whether credentials for one address may go to the other: only to the very same server. */
    public static boolean keepsCredentials(URI from, URI to) {
        return from.getScheme().equalsIgnoreCase(to.getScheme())
                && from.getHost().equalsIgnoreCase(to.getHost())
                && from.getPort() == to.getPort();
    }
}

package io.webhookdb.controlplane.api.onward;

import io.webhookdb.controlplane.api.http.ApiException;
import io.webhookdb.security.outbound.OutboundPolicy;
import io.webhookdb.security.outbound.OutboundRefusedException;
import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Checks URLs that will be posted to. What is refused here would be refused when it is called, too:
 * this only says so earlier. A name that does not resolve now may do so later.
 */
public final class Destinations {
    /** Longest URL. */
    private static final int LONGEST = 2000;

    private static final int RESOLVE_SECONDS = 2;

    private final OutboundPolicy policy;

    public Destinations(OutboundPolicy policy) {
        this.policy = policy;
    }

    /**
     * An absolute URL with a host.
     *
     * @param field name of the parameter, for the error
     * @param schemes allowed schemes, lower case
     * @throws ApiException 400 of that field; never quotes the URL, which may hold a key
     */
    public URI check(String field, String text, Set<String> schemes) {
        URI uri = parse(field, text, schemes);
        FutureTask<String> refusal = new FutureTask<>(() -> refusal(uri));
        Thread resolver = new Thread(refusal, "resolve-destination");
        resolver.setDaemon(true);
        resolver.start();
        try {
            String reason = refusal.get(RESOLVE_SECONDS, TimeUnit.SECONDS);
            if (!reason.isEmpty()) {
                throw ApiException.validation(field, "may not be called", reason + ".");
            }
        } catch (TimeoutException e) {
            refusal.cancel(true);
        } catch (ExecutionException e) {
            throw new IllegalStateException("A destination cannot be judged", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return uri;
    }

    private static URI parse(String field, String text, Set<String> schemes) {
        String allowed = String.join(", ", schemes.stream().sorted().map(s -> s + "://").toList());
        try {
            URI uri = new URI(text);
            String scheme = uri.getScheme() == null ? "" : uri.getScheme();
            if (text.length() <= LONGEST
                    && uri.getHost() != null
                    && uri.getPort() <= 65535
                    && schemes.contains(scheme.toLowerCase(Locale.ROOT))) {
                return uri;
            }
        } catch (URISyntaxException e) {
            // Refused below; the parser's message would quote the URL.
        }
        throw ApiException.validation(
                field,
                "must be a URL with a host, of at most "
                        + LONGEST
                        + " characters. Allowed schemes: "
                        + allowed);
    }

    private String refusal(URI uri) {
        String scheme = uri.getScheme().equalsIgnoreCase("sentry") ? "https" : uri.getScheme();
        try {
            policy.resolve(scheme, uri.getHost());
            return "";
        } catch (OutboundRefusedException e) {
            return e.getMessage();
        } catch (IOException e) {
            return "";
        }
    }
}

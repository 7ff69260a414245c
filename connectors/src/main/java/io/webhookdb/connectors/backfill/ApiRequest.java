package io.webhookdb.connectors.backfill;

import java.net.URI;
import java.util.Map;

/**
 * A GET request.
 *
 * @param uri whole URL; may hold a credential, so it is never logged
 * @param headers request headers
 */
record ApiRequest(URI uri, Map<String, String> headers) {

    /** Scheme, host, port: what may see this account's credentials. */
    static String origin(URI uri) {
        String scheme =
                uri.getScheme() == null ? "" : uri.getScheme().toLowerCase(java.util.Locale.ROOT);
        int port = uri.getPort() >= 0 ? uri.getPort() : scheme.equals("http") ? 80 : 443;
        return scheme + "://" + uri.getHost() + ":" + port;
    }

    /** Neither query nor headers. */
    @Override
    public String toString() {
        return "GET " + uri.getHost() + uri.getRawPath();
    }
}

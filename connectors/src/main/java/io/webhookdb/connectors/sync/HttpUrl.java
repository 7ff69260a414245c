package io.webhookdb.connectors.sync;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.webhookdb.security.outbound.Redirect;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URLDecoder;
import java.util.Base64;
import java.util.Locale;

/**
 * The connection URL of an HTTP target, taken apart.
 *
 * @param uri the URL without userinfo
 * @param authorization value of the header; null without userinfo
 */
record HttpUrl(URI uri, String authorization) {

    /**
     * Reads {@code https://user:password@host/path?query}.
     *
     * @throws SyncException a configuration failure that does not quote the URL
     */
    static HttpUrl parse(String url) throws SyncException {
        try {
            URI uri = new URI(url);
            String scheme = uri.getScheme() == null ? "" : uri.getScheme().toLowerCase(Locale.ROOT);
            if (uri.getHost() == null || !(scheme.equals("https") || scheme.equals("http"))) {
                throw invalid();
            }
            String path =
                    uri.getRawPath() == null || uri.getRawPath().isEmpty() ? "/" : uri.getRawPath();
            String query = uri.getRawQuery() == null ? "" : "?" + uri.getRawQuery();
            String port = uri.getPort() < 0 ? "" : ":" + uri.getPort();
            return new HttpUrl(
                    new URI(scheme + "://" + uri.getHost() + port + path + query),
                    basic(uri.getRawUserInfo()));
        } catch (URISyntaxException | IllegalArgumentException e) {
            throw invalid();
        }
    }

    private static SyncException invalid() {
        return new SyncException(
                SyncFailure.CONFIGURATION,
                "The connection URL is no URL of the form https://user:password@host/path.");
    }

    private static String basic(String userInfo) {
        if (userInfo == null) {
            return null;
        }
        int colon = userInfo.indexOf(':');
        String user = colon < 0 ? userInfo : userInfo.substring(0, colon);
        String password = colon < 0 ? "" : userInfo.substring(colon + 1);
        String plain = decoded(user) + ":" + decoded(password);
        return "Basic " + Base64.getEncoder().encodeToString(plain.getBytes(UTF_8));
    }

    /** Percent-decoded; a plus is a plus. */
    private static String decoded(String part) {
        return URLDecoder.decode(part.replace("+", "%2B"), UTF_8);
    }

    /** Where a redirect leads. */
    HttpUrl movedTo(URI next) {
        String path = next.getRawPath().isEmpty() ? "/" : next.getRawPath();
        String query = next.getRawQuery() == null ? "" : "?" + next.getRawQuery();
        return new HttpUrl(
                URI.create(next.getScheme() + "://" + next.getRawAuthority() + path + query),
                Redirect.keepsCredentials(uri, next) ? authorization : null);
    }

    /** Never shows the credentials. */
    @Override
    public String toString() {
        return uri.getScheme() + "://" + uri.getRawAuthority();
    }
}

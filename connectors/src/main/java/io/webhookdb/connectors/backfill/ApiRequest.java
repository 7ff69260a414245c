package io.webhookdb.connectors.backfill;

import java.net.URI;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * A request: GET, or POST if it has a form, or another method with JSON.
 *
 * @param uri whole URL; may hold a credential, so it is never logged
 * @param headers request headers
 * @param form what is posted; null: nothing
 * @param content JSON that is sent; null: none
 * @param grant where the access token it needs is had; null: it needs none
 * @param redirects where an answer may point it to
 */
record ApiRequest(
        URI uri,
        Map<String, String> headers,
        String form,
        Content content,
        AccessGrant grant,
        Redirects redirects) {

    /** Where an answer may point a request to. */
    enum Redirects {
        /** Scheme, host and port stay: the request carries credentials. */
        SAME_ORIGIN,
        /** Wherever requests may go at all: the request carries none. */
        ANYWHERE
    }

    private static final Set<Integer> REDIRECTS = Set.of(301, 302, 303, 307, 308);

    /** JSON that is sent by a method. */
    record Content(String method, String json) {}

    /** A request without JSON. */
    ApiRequest(URI uri, Map<String, String> headers, String form, AccessGrant grant) {
        this(uri, headers, form, null, grant, Redirects.SAME_ORIGIN);
    }

    /** The same, sending JSON. */
    ApiRequest sending(String method, String json) {
        return new ApiRequest(uri, headers, form, new Content(method, json), grant, redirects);
    }

    /** A GET request that has all it needs. */
    ApiRequest(URI uri, Map<String, String> headers) {
        this(uri, headers, null, null);
    }

    /** The same with an access token. */
    ApiRequest bearing(String token) {
        Map<String, String> more = new LinkedHashMap<>(headers);
        more.put("Authorization", "Bearer " + token);
        return new ApiRequest(uri, more, form, content, null, redirects);
    }

    /**
     * The request an answer points to: GitHub does so after a repository was renamed (REST API,
     * "Best practices", Follow redirects), feeds when they move.
     *
     * @return empty if it points nowhere, or where this request may not go
     */
    Optional<ApiRequest> redirected(ApiAnswer answer) {
        String location = answer.header("location");
        if (!REDIRECTS.contains(answer.status()) || location == null || !method().equals("GET")) {
            return Optional.empty();
        }
        URI target;
        try {
            target = uri.resolve(location.strip());
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
        if (target.getHost() == null
                || (redirects == Redirects.SAME_ORIGIN && !origin(target).equals(origin(uri)))) {
            return Optional.empty();
        }
        return Optional.of(new ApiRequest(target, headers, form, content, grant, redirects));
    }

    /** Scheme, host, port: what may see this account's credentials. */
    static String origin(URI uri) {
        String scheme =
                uri.getScheme() == null ? "" : uri.getScheme().toLowerCase(java.util.Locale.ROOT);
        int port = uri.getPort() >= 0 ? uri.getPort() : scheme.equals("http") ? 80 : 443;
        return scheme + "://" + uri.getHost() + ":" + port;
    }

    /** HTTP method. */
    String method() {
        return content != null ? content.method() : form == null ? "GET" : "POST";
    }

    /** The URL without its query, where credentials may be. */
    String withoutQuery() {
        return uri.getScheme()
                + "://"
                + uri.getHost()
                + (uri.getPort() >= 0 ? ":" + uri.getPort() : "")
                + uri.getRawPath();
    }

    /** Neither query nor headers. */
    @Override
    public String toString() {
        return method() + " " + uri.getHost() + uri.getRawPath();
    }
}

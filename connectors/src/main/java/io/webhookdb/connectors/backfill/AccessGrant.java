package io.webhookdb.connectors.backfill;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.webhookdb.schemas.catalog.OAuthConnection.Client;
import java.net.URI;
import java.net.URLEncoder;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What a refresh token is exchanged with.
 *
 * @param url where
 * @param client application, as {@code id:secret}
 * @param refreshToken kept by the integration
 * @param style how the application names itself
 * @param holder whose refresh token it is; null: the integration's own, which never changes
 */
record AccessGrant(URI url, String client, String refreshToken, Client style, Holder holder) {

    /**
     * An owner.
     *
     * @param integration the owners'
     * @param member under which name their tokens are sealed
     * @param owner key of the owner
     */
    record Holder(String integration, String member, String owner) {}

    AccessGrant(URI url, String client, String refreshToken, Client style) {
        this(url, client, refreshToken, style, null);
    }

    /** The same with the refresh token that came in place of this one. */
    AccessGrant renewed(String token) {
        return new AccessGrant(url, client, token, style, holder);
    }

    /** The request for an access token (RFC 6749, section 6). */
    ApiRequest request() {
        Map<String, String> headers = new LinkedHashMap<>();
        headers.put("Accept", "application/json");
        headers.put("User-Agent", "WebhookDB");
        StringBuilder form = new StringBuilder("grant_type=refresh_token");
        add(form, "refresh_token", refreshToken);
        if (style == Client.BASIC) {
            headers.put(
                    "Authorization",
                    "Basic " + Base64.getEncoder().encodeToString(client.getBytes(UTF_8)));
        } else {
            int colon = client.indexOf(':');
            add(form, "client_id", colon < 0 ? client : client.substring(0, colon));
            add(form, "client_secret", colon < 0 ? "" : client.substring(colon + 1));
        }
        return new ApiRequest(url, headers, form.toString(), null);
    }

    private static void add(StringBuilder form, String name, String value) {
        form.append('&').append(name).append('=').append(URLEncoder.encode(value, UTF_8));
    }

    /** Never prints a credential. */
    @Override
    public String toString() {
        return "AccessGrant[" + url.getHost() + "]";
    }
}

package io.webhookdb.controlplane.provisioner.alerts;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.net.URI;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/**
 * What an error handler is posted: JSON, or an envelope for Sentry (develop.sentry.dev, SDK,
 * envelopes and authentication) if the URL is a DSN. Pure.
 *
 * @param target without credentials
 */
record AlertRequest(URI target, Map<String, String> headers, byte[] body) {
    private static final JsonMapper MAPPER = JsonMapper.builder().build();

    /**
     * The request to a handler.
     *
     * @param url as it was given: may hold credentials
     * @throws IllegalArgumentException if the URL cannot be used; never quotes it
     */
    static AlertRequest of(String url, PendingAlert alert) {
        URI uri;
        try {
            uri = URI.create(url);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("the URL is malformed");
        }
        if (uri.getScheme() == null || uri.getHost() == null) {
            throw new IllegalArgumentException("the URL has no scheme or no host");
        }
        return isSentry(uri) ? SentryEnvelope.of(uri, alert) : json(uri, alert);
    }

    private static boolean isSentry(URI uri) {
        String host = uri.getHost().toLowerCase(Locale.ROOT);
        return uri.getScheme().equalsIgnoreCase("sentry")
                || host.equals("sentry.io")
                || host.endsWith(".sentry.io");
    }

    private static AlertRequest json(URI uri, PendingAlert alert) {
        Map<String, String> headers = new LinkedHashMap<>();
        headers.put("Content-Type", "application/json");
        if (uri.getUserInfo() != null) {
            headers.put(
                    "Authorization",
                    "Basic "
                            + Base64.getEncoder()
                                    .encodeToString(uri.getUserInfo().getBytes(UTF_8)));
        }
        ObjectNode body = MAPPER.createObjectNode();
        body.put("error_type", alert.errorType());
        body.set("details", MAPPER.valueToTree(alert.details()));
        body.put("signature", alert.signature());
        body.put("organization_key", alert.organizationKey());
        body.put("service_integration_id", alert.integration());
        body.put("service_integration_name", alert.service());
        body.put("service_integration_table", alert.table());
        body.put("message", alert.message());
        return new AlertRequest(withoutCredentials(uri), headers, bytes(body));
    }

    /** The same place, without user and password. */
    static URI withoutCredentials(URI uri) {
        StringBuilder text =
                new StringBuilder(uri.getScheme().toLowerCase(Locale.ROOT))
                        .append("://")
                        .append(uri.getHost());
        if (uri.getPort() > 0) {
            text.append(':').append(uri.getPort());
        }
        text.append(uri.getRawPath() == null ? "" : uri.getRawPath());
        if (uri.getRawQuery() != null) {
            text.append('?').append(uri.getRawQuery());
        }
        return URI.create(text.toString());
    }

    static byte[] bytes(Object json) {
        try {
            return MAPPER.writeValueAsBytes(json);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("An alert cannot be written as JSON", e);
        }
    }

    /** Never prints headers, which hold credentials. */
    @Override
    public String toString() {
        return "AlertRequest[" + target.getHost() + "]";
    }
}

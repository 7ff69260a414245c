package io.webhookdb.controlplane.provisioner.alerts;

import java.io.ByteArrayOutputStream;
import java.net.URI;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** An alert as an event of Sentry, in an envelope of three lines. Pure but for the event's id. */
final class SentryEnvelope {
    private static final int LONGEST_TAG = 200;
    private static final Set<String> LEVELS = Set.of("debug", "info", "warning", "error", "fatal");
    private static final Pattern LEVEL = Pattern.compile("(?:^|&)level=([a-z]+)(?:&|$)");
    private static final Pattern PROJECT = Pattern.compile("(/.*)?/([^/]+)/?");

    private SentryEnvelope() {}

    /**
     * The request to a DSN, {@code sentry://KEY@host/PROJECT?level=warning}.
     *
     * @throws IllegalArgumentException if key or project are missing
     */
    static AlertRequest of(URI dsn, PendingAlert alert) {
        String info = dsn.getUserInfo();
        Matcher project = PROJECT.matcher(dsn.getRawPath() == null ? "" : dsn.getRawPath());
        if (info == null || !project.matches()) {
            throw new IllegalArgumentException(
                    "the URL is no Sentry DSN; expected sentry://KEY@host/PROJECT");
        }
        String key = info.contains(":") ? info.substring(0, info.indexOf(':')) : info;
        String prefix = project.group(1) == null ? "" : project.group(1);
        URI target =
                URI.create(
                        "https://"
                                + dsn.getHost()
                                + (dsn.getPort() > 0 ? ":" + dsn.getPort() : "")
                                + prefix
                                + "/api/"
                                + project.group(2)
                                + "/envelope/");
        String id = UUID.randomUUID().toString().replace("-", "");
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        line(body, Map.of("event_id", id, "sent_at", alert.raisedAt().toString()));
        line(body, Map.of("type", "event"));
        line(body, event(id, level(dsn.getRawQuery()), alert));
        return new AlertRequest(
                target,
                Map.of(
                        "Content-Type",
                        "application/x-sentry-envelope",
                        "X-Sentry-Auth",
                        "Sentry sentry_version=7, sentry_client=webhookdb/1.0, sentry_key=" + key),
                body.toByteArray());
    }

    private static Map<String, Object> event(String id, String level, PendingAlert alert) {
        Map<String, String> tags = new LinkedHashMap<>();
        Map<String, Object> extra = new LinkedHashMap<>();
        tags.put("error_type", alert.errorType());
        tags.put("organization_key", alert.organizationKey());
        if (!alert.integration().isEmpty()) {
            tags.put("service_integration_id", alert.integration());
            tags.put("service_integration_name", alert.service());
            tags.put("service_integration_table", alert.table());
        }
        alert.details()
                .forEach(
                        (name, value) -> {
                            if (isTag(value)) {
                                tags.put(name, value.toString());
                            } else {
                                extra.put(name, value);
                            }
                        });
        Map<String, Object> event = new LinkedHashMap<>();
        event.put("event_id", id);
        event.put("timestamp", alert.raisedAt().toString());
        event.put("platform", "other");
        event.put("level", level);
        event.put("logger", "webhookdb");
        event.put("message", Map.of("formatted", alert.message()));
        event.put("fingerprint", List.of(alert.signature()));
        event.put("tags", tags);
        event.put("extra", extra);
        return event;
    }

    /** Short texts without blanks or braces, and what is no text. */
    private static boolean isTag(Object value) {
        return !(value instanceof String text)
                || text.length() <= LONGEST_TAG
                        && !text.isEmpty()
                        && text.chars().noneMatch(c -> c <= ' ' || c == '{' || c == '}');
    }

    private static String level(String query) {
        Matcher level = LEVEL.matcher(query == null ? "" : query);
        return level.find() && LEVELS.contains(level.group(1)) ? level.group(1) : "warning";
    }

    private static void line(ByteArrayOutputStream to, Object json) {
        to.writeBytes(AlertRequest.bytes(json));
        to.write('\n');
    }
}

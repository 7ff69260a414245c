package io.webhookdb.controlplane.api.http;

import java.util.Map;

/**
 * An answer that is more than a body with status 200.
 *
 * @param status HTTP status
 * @param headers response headers
 * @param body becomes JSON
 */
public record Answer(int status, Map<String, String> headers, Object body) {
    /** Another status. */
    public static Answer of(int status, Object body) {
        return new Answer(status, Map.of(), body);
    }
}

package io.webhookdb.ingest;

import java.util.Arrays;
import java.util.Optional;

/** Reads the paths and queries of the ingest contract. */
final class RequestPath {
    private static final String INTEGRATIONS = "/v1/service_integrations/";

    private RequestPath() {}

    /** The id in {@code /v1/service_integrations/ID[/anything]}. */
    static Optional<String> integration(String path) {
        if (!path.startsWith(INTEGRATIONS)) {
            return Optional.empty();
        }
        int end = path.indexOf('/', INTEGRATIONS.length());
        String id = path.substring(INTEGRATIONS.length(), end < 0 ? path.length() : end);
        return id.isEmpty() ? Optional.empty() : Optional.of(id);
    }

    /** Whether an id has the form of the ids that are given out; any other cannot exist. */
    static boolean isOpaqueId(String id) {
        return id.startsWith("svi_") && id.length() <= 128;
    }

    /** Whether the raw query (or null) has a parameter of that name, with or without a value. */
    static boolean hasParameter(String query, String name) {
        return query != null
                && Arrays.stream(query.split("&", -1))
                        .anyMatch(item -> item.equals(name) || item.startsWith(name + "="));
    }
}

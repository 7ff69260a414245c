package io.webhookdb.controlplane.api.status;

import io.webhookdb.controlplane.api.http.Router;
import java.util.LinkedHashMap;
import java.util.Map;

/** {@code /healthz} and {@code /statusz}. Neither touches anything outside this process. */
public final class StatusRoutes {
    /** Adds the routes. */
    public void addTo(Router router) {
        router.get("/healthz", request -> Map.of("o", "k")).get("/statusz", request -> statusz());
    }

    private static Map<String, Object> statusz() {
        String release = StatusRoutes.class.getPackage().getImplementationVersion();
        Map<String, Object> status = new LinkedHashMap<>();
        status.put("env", "production");
        status.put("version", release == null ? "development" : release);
        status.put("commit", "");
        status.put("release", release == null ? "development" : release);
        status.put("released_at", "");
        status.put("log_level", 2);
        return status;
    }
}

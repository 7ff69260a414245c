package io.webhookdb.controlplane.api.status;

import io.webhookdb.controlplane.api.http.Router;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.JdbiException;

/**
 * {@code /healthz} and {@code /statusz}, which touch nothing outside this process, {@code
 * /service_health}, which asks the application database, and {@code /sink}.
 */
public final class StatusRoutes {
    private static final double UNREACHABLE = -1;

    private final Jdbi jdbi;

    public StatusRoutes(Jdbi jdbi) {
        this.jdbi = jdbi;
    }

    /** Adds the routes. */
    public void addTo(Router router) {
        router.get("/healthz", request -> Map.of("o", "k"))
                .get("/statusz", request -> statusz())
                .get("/service_health", request -> serviceHealth())
                .sink("/sink");
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

    private Health serviceHealth() {
        long start = System.nanoTime();
        try {
            double oldest =
                    jdbi.withHandle(
                            handle ->
                                    handle.createQuery(
                                                    "SELECT coalesce(extract(epoch FROM now() -"
                                                            + " min(created_at)), 0)::float8 FROM"
                                                            + " provisioning")
                                            .mapTo(Double.class)
                                            .one());
            double seconds = (System.nanoTime() - start) / (double) TimeUnit.SECONDS.toNanos(1);
            return new Health(seconds, List.of(new Queue("provisioning", oldest)));
        } catch (JdbiException e) {
            return new Health(UNREACHABLE, List.of());
        }
    }

    /**
     * How far things are behind.
     *
     * @param db seconds the application database took; -1 if it did not answer
     */
    record Health(double db, List<Queue> queues) {}

    /**
     * A list of work.
     *
     * @param n its name
     * @param l seconds since which its oldest entry waits
     */
    record Queue(String n, double l) {}
}

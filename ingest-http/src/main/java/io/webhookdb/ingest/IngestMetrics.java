package io.webhookdb.ingest;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.webhookdb.ingest.spool.Spool;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/** What ingest counts. Labels come from closed sets, never from requests or tenants. */
final class IngestMetrics implements AutoCloseable {
    static final String CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8";
    private static final Duration[] BUCKETS = {
        Duration.ofMillis(1),
        Duration.ofMillis(2),
        Duration.ofMillis(5),
        Duration.ofMillis(10),
        Duration.ofMillis(20),
        Duration.ofMillis(50),
        Duration.ofMillis(100),
        Duration.ofMillis(250),
        Duration.ofMillis(500),
        Duration.ofSeconds(1),
        Duration.ofMillis(2500),
        Duration.ofSeconds(5),
        Duration.ofSeconds(10)
    };

    private final PrometheusMeterRegistry registry =
            new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    private final Map<OutcomeAndStatus, Counter> requests = new ConcurrentHashMap<>();
    private final Timer publish =
            Timer.builder("webhookdb.ingest.publish")
                    .description("From handing a request to Kafka to its acknowledgement")
                    .serviceLevelObjectives(BUCKETS)
                    .register(registry);
    private final Counter bodyBytes =
            Counter.builder("webhookdb.ingest.body.bytes")
                    .description("Bytes of bodies received whole")
                    .register(registry);
    private final Counter undecodableControl =
            Counter.builder("webhookdb.ingest.control.undecodable")
                    .description("Control records that could not be read")
                    .register(registry);

    private record OutcomeAndStatus(Outcome outcome, int status) {}

    /** Reports values that others hold. */
    void watch(ControlView control, WaitingRoom waitingRoom, InFlight inFlight, Connections connections) {
        gauge("held.requests", "Requests waiting for the control topic", waitingRoom::size);
        gauge("in.flight.bytes", "Memory taken by requests", inFlight::bytes);
        gauge("connections", "Open connections", connections::count);
        gauge("integrations", "Integrations known, deleted ones included", control::size);
        gauge(
                "control.complete.as.of.seconds",
                "Time up to which the control topic is known, seconds since the epoch",
                () -> Math.max(0, control.completeAsOfMicros()) / 1e6);
    }

    /** Reports what waits on the local disk. */
    void watch(SpoolingStore store) {
        Spool spool = store.spool();
        gauge("spool.active", "1 while events go to the spool", () -> store.isSpooling() ? 1 : 0);
        gauge("spool.bytes", "Bytes of the spool's files", spool::bytes);
        gauge("spool.events", "Events in the spool that Kafka does not have", spool::records);
        gauge("spool.refused", "Events kept apart since the start", spool::refused);
        gauge(
                "spool.oldest.age.seconds",
                "How long the oldest event in the spool has waited",
                () -> age(spool.oldestMicros()));
    }

    private static double age(long micros) {
        return micros == 0 ? 0 : Math.max(0, System.currentTimeMillis() - micros / 1e3) / 1e3;
    }

    private void gauge(String name, String description, Supplier<Number> value) {
        Gauge.builder("webhookdb.ingest." + name, value)
                .description(description)
                .register(registry);
    }

    /** Counts a finished request; status 0 if none was sent. */
    void finished(Outcome outcome, int status) {
        requests.computeIfAbsent(new OutcomeAndStatus(outcome, status), this::counter).increment();
    }

    private Counter counter(OutcomeAndStatus labels) {
        return Counter.builder("webhookdb.ingest.requests")
                .description("Finished requests")
                .tag("outcome", labels.outcome().label())
                .tag("status", Integer.toString(labels.status()))
                .register(registry);
    }

    void received(int bytes) {
        bodyBytes.increment(bytes);
    }

    void published(long startNanos) {
        publish.record(System.nanoTime() - startNanos, TimeUnit.NANOSECONDS);
    }

    Counter undecodableControl() {
        return undecodableControl;
    }

    MeterRegistry registry() {
        return registry;
    }

    /** In Prometheus's text format. */
    String scrape() {
        return registry.scrape();
    }

    @Override
    public void close() {
        registry.close();
    }
}

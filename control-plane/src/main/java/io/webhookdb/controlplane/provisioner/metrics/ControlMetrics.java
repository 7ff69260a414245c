package io.webhookdb.controlplane.provisioner.metrics;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.webhookdb.controlplane.provisioner.reading.ReaderProgress;
import io.webhookdb.schemas.Topics;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.JdbiException;

/**
 * The control plane's metrics. Most are counted by the application database when they are asked
 * for, at most once in {@link #FRESH}, so that every provisioner tells the same. Labels are closed
 * sets: nothing grows with tenants.
 */
public final class ControlMetrics implements AutoCloseable {
    private static final Duration FRESH = Duration.ofSeconds(5);
    private static final String PREFIX = "webhookdb.control.";
    private static final String UP = "database.up";

    /** Name, label value and SQL of one number each. */
    private static final List<Number> NUMBERS =
            List.of(
                    traffic("received"),
                    traffic("rejected"),
                    traffic("duplicate"),
                    traffic("stale"),
                    traffic("applied"),
                    traffic("dead"),
                    new Number(
                            "dead.letters",
                            "state",
                            "dead",
                            "SELECT count(*) FROM dead_letters WHERE state = 'dead'"),
                    new Number(
                            "dead.letters",
                            "state",
                            "retrying",
                            "SELECT count(*) FROM dead_letters WHERE state = 'retrying'"),
                    new Number(
                            "alerts.waiting",
                            "SELECT count(*) FROM alert_outbox WHERE sent_at IS NULL AND"
                                    + " next_attempt_at < 'infinity'"),
                    new Number(
                            "alerts.given.up",
                            "SELECT count(*) FROM alert_outbox WHERE sent_at IS NULL AND"
                                    + " next_attempt_at = 'infinity'"),
                    new Number(
                            "replays.open",
                            "SELECT count(*) FROM control_documents d LEFT JOIN replays r ON d.key"
                                + " = 'replay/' || r.opaque_id WHERE d.kind = 'replay' AND d.state"
                                + " = 'active' AND (r.state IS NULL OR r.state IN ('queued',"
                                + " 'running'))"),
                    new Number(
                            "syncs.failing",
                            "SELECT count(DISTINCT p.target) FROM sync_progress p JOIN"
                                + " control_documents d ON d.key = 'sync_target/' || p.target AND"
                                + " d.state = 'active' WHERE p.failures > 0"),
                    new Number(
                            "sync.oldest.pending.seconds",
                            "SELECT extract(epoch FROM now() - min(p.oldest_pending_at)) FROM"
                                    + " sync_progress p JOIN control_documents d ON d.key ="
                                    + " 'sync_target/' || p.target AND d.state = 'active'"),
                    new Number("provisioning.waiting", "SELECT count(*) FROM provisioning"),
                    new Number(
                            "provisioning.oldest.seconds",
                            "SELECT extract(epoch FROM now() - min(created_at)) FROM"
                                    + " provisioning"));

    private final PrometheusMeterRegistry registry =
            new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    private final Map<String, Double> values = new HashMap<>();
    private final ReaderProgress status = new ReaderProgress();
    private final ReaderProgress deadLetters = new ReaderProgress();
    private final Jdbi jdbi;
    private long countedAt;

    /** Metrics over the application database. */
    public ControlMetrics(Jdbi jdbi) {
        this.jdbi = jdbi;
        this.countedAt = System.nanoTime() - FRESH.toNanos();
        for (Number number : NUMBERS) {
            Gauge.Builder<Map<String, Double>> gauge =
                    Gauge.builder(
                            PREFIX + number.name(),
                            values,
                            known -> known.getOrDefault(number.key(), Double.NaN));
            if (!number.label().isEmpty()) {
                gauge.tag(number.label(), number.value());
            }
            gauge.register(registry);
        }
        Gauge.builder(PREFIX + UP, values, known -> known.getOrDefault(UP, 0.0))
                .description("1 if the application database answered")
                .register(registry);
        watch(Topics.STATUS, status);
        watch(Topics.DEAD_LETTERS, deadLetters);
    }

    /** One number. The label is empty for none. */
    private record Number(String name, String label, String value, String sql) {
        Number(String name, String sql) {
            this(name, "", "", sql);
        }

        String key() {
            return name + "/" + value;
        }
    }

    private static Number traffic(String column) {
        return new Number(
                "traffic.last.hour",
                "outcome",
                column,
                "SELECT coalesce(sum("
                        + column
                        + "), 0) FROM integration_minutes WHERE minute > now() - interval '1"
                        + " hour'");
    }

    /** How the reader of reports does. */
    public ReaderProgress status() {
        return status;
    }

    /** How the reader of dead letters does. */
    public ReaderProgress deadLetters() {
        return deadLetters;
    }

    /** Prometheus text format, version 0.0.4. */
    public synchronized String scrape() {
        if (System.nanoTime() - countedAt >= FRESH.toNanos()) {
            count();
            countedAt = System.nanoTime();
        }
        return registry.scrape();
    }

    private void count() {
        try {
            jdbi.useHandle(
                    handle -> {
                        for (Number number : NUMBERS) {
                            values.put(
                                    number.key(),
                                    handle.createQuery(number.sql())
                                            .mapTo(Double.class)
                                            .findOne()
                                            .orElse(0.0));
                        }
                    });
            values.put(UP, 1.0);
        } catch (JdbiException e) {
            // What is not known is not told; that it is not known is.
            values.clear();
        }
    }

    private void watch(String topic, ReaderProgress progress) {
        Gauge.builder(PREFIX + "reader.lag.records", progress, ReaderProgress::lag)
                .description("Records that are not read yet")
                .tag("topic", topic)
                .register(registry);
        FunctionCounter.builder(
                        PREFIX + "reader.skipped.records", progress, ReaderProgress::skipped)
                .description("Records that could not be stored")
                .tag("topic", topic)
                .register(registry);
    }

    @Override
    public void close() {
        registry.close();
    }
}

package org.apache.flink.metrics.prometheus;

import io.prometheus.client.CollectorRegistry;

/**
 * Hands on what Flink's reporter collects. It is in Flink's package because the registry is visible
 * there only; everything else about serving it is outside.
 */
public abstract class OpenPrometheusReporter extends AbstractPrometheusReporter {
    /** What was registered, in Prometheus' form. */
    protected final CollectorRegistry registry() {
        return registry;
    }
}

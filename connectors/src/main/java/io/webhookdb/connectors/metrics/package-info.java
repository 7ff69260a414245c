/**
 * Flink's metrics over TLS. These classes and {@code security.tls} make a jar of their own, which
 * lies beside Flink's Prometheus reporter in {@code plugins/metrics-prometheus}: reporters start
 * before any job, so a job's jar is too late.
 */
package io.webhookdb.connectors.metrics;

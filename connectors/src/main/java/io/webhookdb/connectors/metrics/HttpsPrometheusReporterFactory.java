package io.webhookdb.connectors.metrics;

import io.webhookdb.security.tls.TlsFiles;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Properties;
import org.apache.flink.metrics.reporter.MetricReporter;
import org.apache.flink.metrics.reporter.MetricReporterFactory;
import org.apache.flink.util.PortRange;

/**
 * Makes the reporter from Flink's configuration, {@code metrics.reporter.NAME.}:
 *
 * <ul>
 *   <li>{@code certificate}: PEM file, the listener's own certificate first
 *   <li>{@code key}: PEM file with its key in PKCS#8
 *   <li>{@code port}: a port or a range such as {@code 9250-9260}, default 9249
 *   <li>{@code bind-host}: address to listen on, default all
 * </ul>
 *
 * Without a certificate that can be used there is no reporter, and never one in clear.
 */
public final class HttpsPrometheusReporterFactory implements MetricReporterFactory {
    private static final Duration PAUSE = Duration.ofSeconds(10);

    @Override
    public MetricReporter createMetricReporter(Properties properties) {
        return new HttpsPrometheusReporter(
                properties.getProperty("bind-host", ""),
                new PortRange(properties.getProperty("port", "9249")),
                new TlsFiles(file(properties, "certificate"), file(properties, "key")),
                PAUSE);
    }

    private static Path file(Properties properties, String name) {
        String path = properties.getProperty(name, "").strip();
        if (path.isEmpty()) {
            throw new IllegalArgumentException(
                    "metrics.reporter.NAME.%s is \"\", expected the path of a PEM file"
                            .formatted(name));
        }
        return Path.of(path);
    }
}

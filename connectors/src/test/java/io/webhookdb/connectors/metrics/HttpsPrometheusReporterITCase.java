package io.webhookdb.connectors.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.webhookdb.embedded.SelfSigned;
import io.webhookdb.security.tls.TlsFiles;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Properties;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import javax.net.ssl.TrustManagerFactory;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.runtime.clusterframework.types.ResourceID;
import org.apache.flink.runtime.metrics.MetricRegistryConfiguration;
import org.apache.flink.runtime.metrics.MetricRegistryImpl;
import org.apache.flink.runtime.metrics.ReporterSetupBuilder;
import org.apache.flink.runtime.metrics.groups.TaskManagerMetricGroup;
import org.apache.flink.util.PortRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HttpsPrometheusReporterITCase {
    @TempDir Path folder;

    @Test
    void servesWhatFlinkRegisteredAndNothingInClear() throws Exception {
        SelfSigned made = SelfSigned.in(folder, "jobs");
        HttpsPrometheusReporter reporter = reporter(made);
        try {
            MetricRegistryImpl registry =
                    new MetricRegistryImpl(
                            MetricRegistryConfiguration.fromConfiguration(
                                    new Configuration(), 1_000_000),
                            List.of(
                                    ReporterSetupBuilder.METRIC_SETUP_BUILDER.forReporter(
                                            "prom", reporter)));
            TaskManagerMetricGroup.createTaskManagerMetricGroup(
                            registry, "localhost", ResourceID.generate())
                    .counter("rowsApplied")
                    .inc(42);

            HttpResponse<String> answer = get("https", reporter, made);

            assertThat(answer.statusCode()).isEqualTo(200);
            assertThat(answer.body()).containsPattern("(?m)^flink_.*rowsApplied.* 42\\.0$");
            assertThatThrownBy(() -> get("http", reporter, made)).isInstanceOf(IOException.class);
        } finally {
            reporter.close();
        }
    }

    @Test
    void showsARenewedCertificateWithoutARestart() throws Exception {
        SelfSigned first = SelfSigned.in(folder, "first");
        HttpsPrometheusReporter reporter = reporter(first);
        try {
            assertThat(get("https", reporter, first).statusCode()).isEqualTo(200);

            SelfSigned second = SelfSigned.in(folder, "second");
            Files.setLastModifiedTime(
                    second.key(), FileTime.from(Instant.now().plus(Duration.ofMinutes(1))));

            assertThat(get("https", reporter, second).statusCode()).isEqualTo(200);
            assertThatThrownBy(() -> get("https", reporter, first))
                    .isInstanceOf(SSLException.class);
        } finally {
            reporter.close();
        }
    }

    @Test
    void leavesThePortToOthersWhenItIsClosed() throws Exception {
        SelfSigned made = SelfSigned.in(folder, "jobs");
        HttpsPrometheusReporter reporter = reporter(made);
        reporter.close();

        assertThatThrownBy(() -> get("https", reporter, made)).isInstanceOf(IOException.class);
    }

    @Test
    void isNotMadeWithoutACertificateAndSaysWhichSettingIsMissing() {
        Properties properties = new Properties();
        properties.setProperty("port", "0");
        HttpsPrometheusReporterFactory factory = new HttpsPrometheusReporterFactory();
        assertThatThrownBy(() -> factory.createMetricReporter(properties))
                .hasMessageContaining("certificate is \"\"");

        properties.setProperty("certificate", folder.resolve("not-there.pem").toString());
        properties.setProperty("key", folder.resolve("neither.pem").toString());
        assertThatThrownBy(() -> factory.createMetricReporter(properties))
                .hasMessageContaining("not-there.pem");
    }

    private static HttpsPrometheusReporter reporter(SelfSigned made) {
        return new HttpsPrometheusReporter(
                "127.0.0.1",
                new PortRange("0"),
                new TlsFiles(made.certificate(), made.key()),
                Duration.ZERO);
    }

    private static HttpResponse<String> get(
            String scheme, HttpsPrometheusReporter reporter, SelfSigned trusted) throws Exception {
        TrustManagerFactory trust =
                TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trust.init(trusted.store());
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, trust.getTrustManagers(), null);
        return HttpClient.newBuilder()
                .sslContext(context)
                .build()
                .send(
                        HttpRequest.newBuilder(
                                        URI.create(scheme + "://127.0.0.1:" + reporter.port()))
                                .build(),
                        HttpResponse.BodyHandlers.ofString());
    }
}

package io.webhookdb.jobs.plumbing;

import static org.assertj.core.api.Assertions.assertThat;

import io.webhookdb.embedded.SelfSigned;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.CoreOptions;
import org.apache.flink.core.plugin.DefaultPluginManager;
import org.apache.flink.core.plugin.DirectoryBasedPluginFinder;
import org.apache.flink.core.plugin.PluginManager;
import org.apache.flink.metrics.prometheus.PrometheusReporterFactory;
import org.apache.flink.runtime.clusterframework.types.ResourceID;
import org.apache.flink.runtime.metrics.MetricRegistryConfiguration;
import org.apache.flink.runtime.metrics.MetricRegistryImpl;
import org.apache.flink.runtime.metrics.ReporterSetup;
import org.apache.flink.runtime.metrics.ReporterSetupBuilder;
import org.apache.flink.runtime.metrics.filter.DefaultReporterFilters;
import org.apache.flink.runtime.metrics.groups.TaskManagerMetricGroup;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The jar that the build leaves for {@code plugins/metrics-prometheus}, loaded as Flink loads it:
 * by a class loader that knows Flink's plugin, this jar, and of the rest only what is Flink's own.
 */
class MetricsPluginITCase {
    @Test
    void flinkLoadsItBesideItsOwnReporterAndServesOverTls(@TempDir Path folder) throws Exception {
        SelfSigned made = SelfSigned.in(folder, "jobs");
        int port;
        try (ServerSocket free = new ServerSocket(0)) {
            port = free.getLocalPort();
        }
        Configuration configuration = new Configuration();
        configuration.setString("metrics.reporters", "prom");
        String prefix = "metrics.reporter.prom.";
        configuration.setString(
                prefix + "factory.class",
                "io.webhookdb.connectors.metrics.HttpsPrometheusReporterFactory");
        configuration.setString(prefix + "port", Integer.toString(port));
        configuration.setString(prefix + "bind-host", "127.0.0.1");
        configuration.setString(prefix + "certificate", made.certificate().toString());
        configuration.setString(prefix + "key", made.key().toString());

        List<ReporterSetup> reporters =
                ReporterSetupBuilder.METRIC_SETUP_BUILDER.fromConfiguration(
                        configuration,
                        DefaultReporterFilters::metricsFromConfiguration,
                        plugins(Files.createDirectories(folder.resolve("plugins"))));
        assertThat(reporters).as("what Flink made of its configuration").hasSize(1);
        MetricRegistryImpl registry =
                new MetricRegistryImpl(
                        MetricRegistryConfiguration.fromConfiguration(configuration, 1_000_000),
                        reporters);
        try {
            TaskManagerMetricGroup.createTaskManagerMetricGroup(
                            registry, "localhost", ResourceID.generate())
                    .counter("rowsApplied")
                    .inc(42);

            assertThat(scrape(port, made))
                    .containsPattern("(?m)^flink_taskmanager_rowsApplied\\{.*} 42\\.0$");
        } finally {
            registry.closeAsync().join();
        }
    }

    private static PluginManager plugins(Path folder) throws IOException {
        Path plugin = Files.createDirectories(folder.resolve("metrics-prometheus"));
        Path flinks =
                Path.of(
                        PrometheusReporterFactory.class
                                .getProtectionDomain()
                                .getCodeSource()
                                .getLocation()
                                .getPath());
        Files.copy(flinks, plugin.resolve("flink-metrics-prometheus.jar"));
        try (Stream<Path> built = Files.list(Path.of("target"))) {
            List<Path> ours =
                    built.filter(file -> file.getFileName().toString().endsWith("-metrics.jar"))
                            .toList();
            assertThat(ours).as("jars in jobs/target, made by its package phase").hasSize(1);
            Files.copy(ours.get(0), plugin.resolve("webhookdb-metrics.jar"));
        }
        return new DefaultPluginManager(
                new DirectoryBasedPluginFinder(folder).findPlugins(),
                new FlinkAlone(),
                CoreOptions.getPluginParentFirstLoaderPatterns(new Configuration()));
    }

    private static String scrape(int port, SelfSigned trusted) throws Exception {
        TrustManagerFactory trust =
                TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trust.init(trusted.store());
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, trust.getTrustManagers(), null);
        return HttpClient.newBuilder()
                .sslContext(context)
                .build()
                .send(
                        HttpRequest.newBuilder(URI.create("https://127.0.0.1:" + port)).build(),
                        HttpResponse.BodyHandlers.ofString())
                .body();
    }

    /** What a TaskManager has in lib: neither this project nor Prometheus. */
    private static final class FlinkAlone extends ClassLoader {
        FlinkAlone() {
            super(MetricsPluginITCase.class.getClassLoader());
        }

        @Override
        protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
            if (Stream.of("io.webhookdb.", "io.prometheus.", "org.apache.flink.metrics.prometheus.")
                    .anyMatch(name::startsWith)) {
                throw new ClassNotFoundException(name);
            }
            return super.loadClass(name, resolve);
        }
    }
}

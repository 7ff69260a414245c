package io.webhookdb.controlplane.provisioner;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.webhookdb.controlplane.SharedControlPlane;
import io.webhookdb.controlplane.TestingSystem;
import io.webhookdb.controlplane.provisioner.metrics.MetricsServer;
import io.webhookdb.embedded.SelfSigned;
import io.webhookdb.security.tls.TlsFiles;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.Optional;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

@ExtendWith(SharedControlPlane.class)
class MetricsITCase {
    private final TestingSystem system;

    MetricsITCase(TestingSystem system) {
        this.system = system;
    }

    @Test
    void servesEveryNumberAlsoOnAProvisionerThatStandsBy() throws Exception {
        try (Provisioner second = system.newProvisioner();
                MetricsServer server =
                        MetricsServer.start("127.0.0.1", 0, second.metrics(), Optional.empty())) {
            String text = get(server, "/metrics").body();

            assertThat(text).doesNotContain("NaN").contains("webhookdb_control_database_up 1.0");
            for (String outcome :
                    new String[] {
                        "received", "rejected", "duplicate", "stale", "applied", "dead"
                    }) {
                assertThat(text)
                        .contains(
                                "webhookdb_control_traffic_last_hour{outcome=\"" + outcome + "\"}");
            }
            assertThat(text)
                    .contains("webhookdb_control_reader_lag_records{topic=\"webhookdb.status.v1\"}")
                    .contains(
                            "webhookdb_control_reader_skipped_records_total{topic="
                                    + "\"webhookdb.dead-letters.v1\"}");
            // Not none: work of other tests may wait.
            assertThat(text).containsPattern("webhookdb_control_provisioning_waiting [0-9]");
            assertThat(get(server, "/healthz").statusCode()).isEqualTo(200);
            assertThat(get(server, "/metrics/else").statusCode()).isEqualTo(404);
        }
    }

    @Test
    void showsItsCertificateAndAnswersNothingInClear(@TempDir Path folder) throws Exception {
        SelfSigned made = SelfSigned.in(folder, "metrics");
        try (Provisioner second = system.newProvisioner();
                MetricsServer server =
                        MetricsServer.start(
                                "127.0.0.1",
                                0,
                                second.metrics(),
                                Optional.of(new TlsFiles(made.certificate(), made.key())))) {
            TrustManagerFactory trust =
                    TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            trust.init(made.store());
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(null, trust.getTrustManagers(), null);
            HttpResponse<String> answer =
                    HttpClient.newBuilder()
                            .sslContext(context)
                            .build()
                            .send(
                                    HttpRequest.newBuilder(
                                                    URI.create(
                                                            "https://127.0.0.1:"
                                                                    + server.port()
                                                                    + "/metrics"))
                                            .build(),
                                    HttpResponse.BodyHandlers.ofString());

            assertThat(answer.body()).contains("webhookdb_control_database_up 1.0");
            assertThatThrownBy(() -> get(server, "/metrics")).isInstanceOf(IOException.class);
        }
    }

    private static HttpResponse<String> get(MetricsServer server, String path) throws Exception {
        return HttpClient.newHttpClient()
                .send(
                        HttpRequest.newBuilder(
                                        URI.create("http://127.0.0.1:" + server.port() + path))
                                .build(),
                        HttpResponse.BodyHandlers.ofString());
    }
}

package io.webhookdb.ingest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.webhookdb.embedded.SelfSigned;
import io.webhookdb.security.tls.ReloadingKeyManager;
import io.webhookdb.security.tls.TlsFiles;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TlsITCase {
    @TempDir Path folder;

    @Test
    void servesWithTheCertificateAndNothingWithoutTls() throws Exception {
        SelfSigned made = SelfSigned.in(folder, "first");
        try (IngestServer server =
                IngestServer.start(
                        IngestSettings.builder("127.0.0.1:1", TestingControl.CIPHER)
                                .tls(new TlsFiles(made.certificate(), made.key()))
                                .closeTimeout(Duration.ofSeconds(1))
                                .build())) {
            HttpClient client = HttpClient.newBuilder().sslContext(trusting(made)).build();
            HttpResponse<String> response =
                    client.send(request("https", server), BodyHandlers.ofString());

            assertThat(response.statusCode()).isEqualTo(200);
            assertThat(response.version()).isEqualTo(HttpClient.Version.HTTP_1_1);
            assertThat(response.headers().firstValue("Strict-Transport-Security"))
                    .hasValue("max-age=31536000");
            assertThat(response.headers().firstValue("X-Content-Type-Options")).hasValue("nosniff");
            assertThatThrownBy(() -> client.send(request("http", server), BodyHandlers.ofString()))
                    .isInstanceOf(IOException.class);
        }
    }

    @Test
    void showsARenewedCertificateAndKeepsTheFormerWhileFilesAreBroken() throws Exception {
        SelfSigned made = SelfSigned.in(folder, "first");
        List<String> news = new ArrayList<>();
        ReloadingKeyManager keys =
                new ReloadingKeyManager(
                        new TlsFiles(made.certificate(), made.key()), Duration.ZERO, news::add);
        assertThat(shown(keys)).isEqualTo("CN=first");

        Files.writeString(made.key(), "half written");
        touch(made.key(), 1);
        assertThat(shown(keys)).isEqualTo("CN=first");

        SelfSigned.in(folder, "second");
        touch(made.key(), 2);
        assertThat(shown(keys)).isEqualTo("CN=second");
        assertThat(news.get(0)).startsWith("The former certificate stays in use: TLS file");
        assertThat(news.get(news.size() - 1)).endsWith("is read again");
    }

    @Test
    void saysWhatIsWrongWithFiles() throws Exception {
        SelfSigned made = SelfSigned.in(folder, "first");
        Files.writeString(
                made.key(), "-----BEGIN RSA PRIVATE KEY-----\nAAAA\n-----END RSA PRIVATE KEY-----");

        assertThatThrownBy(
                        () ->
                                new ReloadingKeyManager(
                                        new TlsFiles(made.certificate(), made.key()),
                                        Duration.ZERO,
                                        news -> {}))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(made.key().toString())
                .hasMessageContaining("PKCS#8")
                .hasMessageNotContaining("AAAA");
        assertThatThrownBy(() -> TlsFiles.of(Map.of("X_KEY", "/k"), "X_"))
                .hasMessageContaining("expected both or neither");
    }

    private static String shown(ReloadingKeyManager keys) {
        String alias = keys.chooseServerAlias("EC", null, null);
        return keys.getCertificateChain(alias)[0].getSubjectX500Principal().getName();
    }

    private static void touch(Path file, int secondsFromNow) throws IOException {
        Files.setLastModifiedTime(file, FileTime.from(Instant.now().plusSeconds(secondsFromNow)));
    }

    private static HttpRequest request(String scheme, IngestServer server) {
        return HttpRequest.newBuilder(
                        URI.create(scheme + "://127.0.0.1:" + server.port() + "/healthz"))
                .timeout(Duration.ofSeconds(5))
                .build();
    }

    private static SSLContext trusting(SelfSigned made) throws Exception {
        TrustManagerFactory trust =
                TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trust.init(made.store());
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, trust.getTrustManagers(), null);
        return context;
    }
}

package io.webhookdb.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.KeyStore;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The command as a process of its own: streams, encoding, exit codes. */
class ProcessTest {
    private static final String PASSWORD = "changeit";

    @TempDir Path home;

    private record Ended(int exitCode, String out, String err) {}

    private Ended run(String address, String input, String... words) throws Exception {
        return run(List.of(), address, input, words);
    }

    private Ended run(List<String> options, String address, String input, String... words)
            throws Exception {
        List<String> line = new ArrayList<>();
        line.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        line.addAll(options);
        line.addAll(List.of("-cp", System.getProperty("java.class.path")));
        line.add(WebhookdbCli.class.getName());
        line.addAll(List.of(words));
        ProcessBuilder builder = new ProcessBuilder(line);
        builder.environment().put("HOME", home.toString());
        builder.environment().put("LC_ALL", "C");
        builder.environment().put("WEBHOOKDB_API_HOST", address);
        Process process = builder.start();
        process.getOutputStream().write(input.getBytes(StandardCharsets.UTF_8));
        process.getOutputStream().close();
        String out = text(process.getInputStream().readAllBytes());
        String err = text(process.getErrorStream().readAllBytes());
        assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
        return new Ended(process.exitValue(), out, err);
    }

    private static String text(byte[] bytes) {
        return new String(bytes, StandardCharsets.UTF_8);
    }

    @Test
    void speaksUtf8InTheLocaleC() throws Exception {
        try (TestingApi api = TestingApi.start()) {
            String path = "/v1/organizations/create";
            api.expectPost(path)
                    .withoutToken()
                    .with("{\"name\":\"\"}")
                    .answers(
                            422,
                            """
                            {"error":{"status":422,"message":"?","state_machine_step":{"needs_input":true,
                             "prompt":"Naïve:","post_to_url":"%s","post_params":{},
                             "prompt_is_secret":true,"post_params_value_key":"name"}}}\
                            """
                                    .formatted(path));
            api.expectPost(path)
                    .withoutToken()
                    .with("{\"name\":\"Zoë\"}")
                    .answers("{\"id\":1,\"name\":\"Zoë\",\"key\":\"zoe\",\"message\":\"\"}");
            Ended created = run(api.address(), "Zoë\n", "org", "create");
            api.assertSatisfied();
            assertThat(created)
                    .isEqualTo(
                            new Ended(0, "Organization Zoë (zoe) is now active.\n", "Naïve: \n"));
            assertThat(run(api.address(), "", "org", "current").out()).isEqualTo("Zoë (zoe)\n");
        }
    }

    @Test
    void endsWithTheExitCodeOfItsOutcome() throws Exception {
        assertThat(run("http://127.0.0.1:1", "", "version").exitCode()).isZero();
        assertThat(run("http://127.0.0.1:1", "", "versio").exitCode()).isEqualTo(1);
        assertThat(run("http://127.0.0.1:1", "", "auth", "whoami").exitCode()).isEqualTo(2);
    }

    @Test
    void trustsTheCertificatesOfTheJvmAndNoOthers() throws Exception {
        Path keys = home.resolve("keys.p12");
        keytool(
                "-genkeypair",
                "-keystore",
                keys,
                "-alias",
                "api",
                "-keyalg",
                "RSA",
                "-dname",
                "CN=api");
        HttpsServer server = https(keys);
        server.createContext("/", exchange -> answer(exchange, "{\"env\":\"test\"}"));
        server.start();
        try {
            String address = "https://127.0.0.1:" + server.getAddress().getPort();
            List<String> trusting =
                    List.of(
                            "-Djavax.net.ssl.trustStore=" + keys,
                            "-Djavax.net.ssl.trustStorePassword=" + PASSWORD);
            assertThat(run(trusting, address, "", "debug", "statusz"))
                    .isEqualTo(new Ended(0, "{\"env\":\"test\"}\n", ""));
            Ended refused = run(address, "", "debug", "statusz");
            assertThat(refused.err()).contains("no trusted TLS connection");
            assertThat(refused.exitCode()).isEqualTo(2);
        } finally {
            server.stop(0);
        }
    }

    private static void keytool(Object... words) throws Exception {
        List<String> line = new ArrayList<>();
        line.add(Path.of(System.getProperty("java.home"), "bin", "keytool").toString());
        for (Object word : words) {
            line.add(word.toString());
        }
        line.addAll(List.of("-ext", "san=ip:127.0.0.1", "-storepass", PASSWORD));
        Process process = new ProcessBuilder(line).redirectErrorStream(true).start();
        String told = text(process.getInputStream().readAllBytes());
        assertThat(process.waitFor()).as(told).isZero();
    }

    private static HttpsServer https(Path keys) throws Exception {
        KeyStore store = KeyStore.getInstance(keys.toFile(), PASSWORD.toCharArray());
        KeyManagerFactory managers =
                KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        managers.init(store, PASSWORD.toCharArray());
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(managers.getKeyManagers(), null, null);
        HttpsServer server =
                HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setHttpsConfigurator(new HttpsConfigurator(context));
        return server;
    }

    private static void answer(HttpExchange exchange, String json) throws IOException {
        byte[] body = json.getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().add("Content-Type", "application/json");
        exchange.sendResponseHeaders(200, body.length);
        exchange.getResponseBody().write(body);
        exchange.close();
    }
}

package io.webhookdb.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The command as a process of its own: streams, encoding, exit codes. */
class ProcessTest {
    @TempDir Path home;

    private record Ended(int exitCode, String out, String err) {}

    private Ended run(String address, String input, String... words) throws Exception {
        List<String> line = new ArrayList<>();
        line.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
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
}

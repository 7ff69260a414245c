package io.webhookdb.standalone;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;
import org.slf4j.MDC;

class LogFormatTest {
    /** What a part does first, and then logs. */
    public static void main(String[] arguments) {
        LogFormat.choose(System.getenv());
        MDC.put("organization", "7");
        MDC.put("integration", "svi_a");
        MDC.put("event", "0190");
        try {
            LoggerFactory.getLogger("io.webhookdb.Probe")
                    .warn("Rows of {} are \"parked\"", "a\nb", new IllegalStateException("why"));
        } finally {
            MDC.remove("organization");
            MDC.remove("integration");
            MDC.remove("event");
        }
    }

    @Test
    void writesOneObjectALineWithItsSubject() throws Exception {
        ProcessBuilder builder =
                new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:TieredStopAtLevel=1",
                        "-cp",
                        System.getProperty("java.class.path"),
                        LogFormatTest.class.getName());
        builder.environment().put("WEBHOOKDB_LOG_FORMAT", "json");
        Process process = builder.redirectErrorStream(true).start();
        String text = new String(process.getInputStream().readAllBytes(), UTF_8);

        assertThat(text.lines().filter(line -> line.contains("parked"))).hasSize(1);
        JsonNode line = new JsonMapper().readTree(text.strip());
        assertThat(line.path("message").asText()).isEqualTo("Rows of a\nb are \"parked\"");
        assertThat(line.path("level").asText()).isEqualTo("WARN");
        assertThat(line.path("organization").asText()).isEqualTo("7");
        assertThat(line.path("integration").asText()).isEqualTo("svi_a");
        assertThat(line.path("event").asText()).isEqualTo("0190");
        assertThat(line.at("/error/message").asText()).isEqualTo("why");
        assertThat(line.path("time").asText()).endsWith("Z");
    }

    @Test
    void namesTheFormsThereAre() {
        assertThatThrownBy(() -> LogFormat.choose(Map.of("WEBHOOKDB_LOG_FORMAT", "xml")))
                .hasMessage("WEBHOOKDB_LOG_FORMAT is \"xml\", allowed are text and json");
    }
}

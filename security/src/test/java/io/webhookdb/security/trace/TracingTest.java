package io.webhookdb.security.trace;

import static org.assertj.core.api.Assertions.assertThat;

import io.webhookdb.schemas.trace.TraceContext;
import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class TracingTest {
    private static final String TRACE = "4bf92f3577b34da6a3ce929d0e0e4736";
    private static final String SPAN = "00f067aa0ba902b7";
    private static final TraceContext SENT =
            new TraceContext("00-" + TRACE + "-" + SPAN + "-01", "vendor=1");
    private static final long NOW = 1_767_225_600_000_000L;

    @Test
    void tellsTheStepsOfATraceAndPutsItselfBetween() throws IOException {
        try (TestingCollector collector = new TestingCollector()) {
            try (Tracing tracing = Tracing.of(collector.environment(), "webhookdb-test")) {
                Step received = tracing.begin(StepName.RECEIVE, SENT, NOW);
                Step written = tracing.goOn(StepName.WRITE_ROW, received.trace(), NOW + 5);
                written.about("webhookdb.integration", "svi_1").end();
                received.failed("rejected");

                assertThat(received.trace().parent())
                        .startsWith("00-" + TRACE + "-")
                        .doesNotContain(SPAN)
                        .endsWith("-01");
                assertThat(received.trace().state()).isEqualTo("vendor=1");
                assertThat(written.trace().parent()).isNotEqualTo(received.trace().parent());
            }
            assertThat(collector.hasId(TRACE)).isTrue();
            assertThat(collector.hasId(SPAN)).as("the sender's span is the parent").isTrue();
            assertThat(collector.has("webhookdb-test")).isTrue();
            assertThat(collector.has("write row")).isTrue();
            assertThat(collector.has("svi_1")).isTrue();
            assertThat(collector.has("rejected")).isTrue();
        }
    }

    @Test
    void beginsATraceWhereTheSenderHasNoneButNeverInTheMiddle() throws IOException {
        try (TestingCollector collector = new TestingCollector();
                Tracing tracing = Tracing.of(collector.environment(), "webhookdb-test")) {
            Step received = tracing.begin(StepName.RECEIVE, null, NOW);
            assertThat(received.trace().parent()).matches("00-[0-9a-f]{32}-[0-9a-f]{16}-0[0-9a-f]");
            received.end();
            assertThat(tracing.goOn(StepName.DELIVER, null, NOW).trace()).isNull();
        }
    }

    @Test
    void beginsNothingThatIsNotSampledAndHandsOnWhatCame() throws IOException {
        try (TestingCollector collector = new TestingCollector()) {
            Map<String, String> environment = new HashMap<>(collector.environment());
            environment.put("OTEL_TRACES_SAMPLER", "parentbased_traceidratio");
            environment.put("OTEL_TRACES_SAMPLER_ARG", "0.0");
            TraceContext unsampled = new TraceContext("00-" + TRACE + "-" + SPAN + "-00", null);
            try (Tracing tracing = Tracing.of(environment, "webhookdb-test")) {
                assertThat(tracing.begin(StepName.RECEIVE, null, NOW).trace()).isNull();
                Step passed = tracing.begin(StepName.RECEIVE, unsampled, NOW);
                assertThat(passed.trace()).isEqualTo(unsampled);
                passed.end();
                assertThat(tracing.begin(StepName.RECEIVE, SENT, NOW).trace()).isNotEqualTo(SENT);
            }
            assertThat(collector.has("receive")).isFalse();
        }
    }

    @Test
    void startsNothingWithoutAnExporter() {
        for (Map<String, String> environment :
                List.<Map<String, String>>of(
                        Map.of(),
                        Map.of("OTEL_SERVICE_NAME", "x"),
                        Map.of("OTEL_EXPORTER_OTLP_ENDPOINT", " "),
                        Map.of(
                                "OTEL_TRACES_EXPORTER",
                                "none",
                                "OTEL_EXPORTER_OTLP_ENDPOINT",
                                "http://127.0.0.1:1"))) {
            assertThat(Tracing.of(environment, "webhookdb-test")).isSameAs(Tracing.none());
        }
        assertThat(Tracing.none().begin(StepName.RECEIVE, SENT, NOW).trace()).isSameAs(SENT);
        assertThat(Tracing.none().begin(StepName.RECEIVE, null, NOW).trace()).isNull();
        Tracing.none().close();
    }
}

package io.webhookdb.schemas.trace;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TraceContextTest {
    private static final String PARENT = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";

    @Test
    void keepsASendersTrace() {
        assertThat(kept(PARENT, "vendor=1"))
                .containsOnly(
                        Map.entry("traceparent", PARENT), Map.entry("tracestate", "vendor=1"));
        assertThat(kept(PARENT, null)).containsOnlyKeys("traceparent");
        assertThat(kept(PARENT, "x".repeat(513))).containsOnlyKeys("traceparent");
        assertThat(kept(PARENT, "vendor=\r\nX-Other: 1")).containsOnlyKeys("traceparent");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "ff-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
                "00-00000000000000000000000000000000-00f067aa0ba902b7-01",
                "00-4bf92f3577b34da6a3ce929d0e0e4736-0000000000000000-01",
                "00-4BF92F3577B34DA6A3CE929D0E0E4736-00f067aa0ba902b7-01",
                "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01 x"
            })
    void leavesOutWhatIsNoTrace(String parent) {
        assertThat(kept(parent, "vendor=1")).isEmpty();
    }

    @Test
    void leavesOutAStateWithoutATrace() {
        assertThat(kept(null, "vendor=1")).isEmpty();
    }

    private static Map<String, String> kept(String parent, String state) {
        Map<String, String> given = new TreeMap<>();
        given.put("traceparent", parent);
        given.put("tracestate", state);
        Map<String, String> kept = new TreeMap<>();
        TraceContext trace = TraceContext.of(given::get);
        if (trace != null) {
            trace.headers(kept::put);
        }
        return kept;
    }
}

package io.webhookdb.connectors.control;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.webhookdb.schemas.control.ControlCodec;
import io.webhookdb.schemas.control.ControlRecord.State;
import io.webhookdb.schemas.control.IntegrationControl;
import java.util.LinkedHashMap;
import java.util.Map;
import org.apache.flink.api.common.state.BroadcastState;
import org.junit.jupiter.api.Test;

class BroadcastControlTest {
    private static final byte[] OF_A_LATER_RELEASE = "{\"kind\":\"moon\",\"id\":1}".getBytes(UTF_8);

    @Test
    void leavesRecordsOfALaterReleaseInStateAndReadsTheOthers() throws Exception {
        TestingBroadcastState state = new TestingBroadcastState();
        state.put("moon/1", OF_A_LATER_RELEASE);
        state.put("integration/svi", ControlCodec.encode(integration()));

        BroadcastControl control = BroadcastControl.over(state);

        assertThat(control.directory().integration("svi")).isEqualTo(integration());
        assertThat(control.unknown()).isEqualTo(1);
        assertThat(state.get("moon/1")).isEqualTo(OF_A_LATER_RELEASE);
    }

    private static IntegrationControl integration() {
        return new IntegrationControl(
                "svi",
                1,
                1,
                State.ACTIVE,
                "service",
                "hash",
                "table",
                null,
                IntegrationControl.VerificationMode.SKIP,
                1);
    }

    private static final class TestingBroadcastState implements BroadcastState<String, byte[]> {
        private final Map<String, byte[]> entries = new LinkedHashMap<>();

        @Override
        public void put(String key, byte[] value) {
            entries.put(key, value);
        }

        @Override
        public void putAll(Map<String, byte[]> map) {
            entries.putAll(map);
        }

        @Override
        public void remove(String key) {
            entries.remove(key);
        }

        @Override
        public java.util.Iterator<Map.Entry<String, byte[]>> iterator() {
            return entries.entrySet().iterator();
        }

        @Override
        public Iterable<Map.Entry<String, byte[]>> entries() {
            return entries.entrySet();
        }

        @Override
        public byte[] get(String key) {
            return entries.get(key);
        }

        @Override
        public boolean contains(String key) {
            return entries.containsKey(key);
        }

        @Override
        public Iterable<Map.Entry<String, byte[]>> immutableEntries() {
            return entries.entrySet();
        }

        @Override
        public void clear() {
            entries.clear();
        }
    }
}

package io.webhookdb.jobs.replication;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.webhookdb.connectors.control.BroadcastControl;
import io.webhookdb.connectors.kafka.DeadLetters;
import io.webhookdb.connectors.kafka.IncomingEvent;
import io.webhookdb.connectors.replica.SourcedRow;
import io.webhookdb.schemas.control.ControlCodec;
import io.webhookdb.schemas.control.ControlRecord;
import io.webhookdb.schemas.control.ControlRecord.State;
import io.webhookdb.schemas.control.IntegrationControl;
import io.webhookdb.schemas.control.OrganizationControl;
import java.time.Duration;
import java.util.List;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.apache.flink.streaming.api.operators.co.CoBroadcastWithKeyedOperator;
import org.apache.flink.streaming.util.KeyedTwoInputStreamOperatorTestHarness;
import org.junit.jupiter.api.Test;

class HoldUnknownTest {
    private static final String BODY =
            TestingSystem.customerBody("cus_1", 1_700_000_000, "a@b.c", "customer.updated");

    @Test
    void letsEventsGoWithTheLastRecordTheyWaitFor() throws Exception {
        try (var hold = hold()) {
            hold.open();
            hold.processElement1(event("svi_a"), 0);
            hold.processElement1(event("svi_b"), 0);
            control(hold, integration("svi_b"));
            control(hold, organization());
            assertThat(rows(hold)).isEmpty();
            control(hold, TestingRecords.definition());
            assertThat(rows(hold)).containsExactly("svi_b");
            control(hold, integration("svi_a"));
            assertThat(rows(hold)).containsExactly("svi_b", "svi_a");
        }
    }

    @Test
    void letsEventsGoThatWereHeldBeforeARestart() throws Exception {
        OperatorSubtaskState snapshot;
        try (var hold = hold()) {
            hold.open();
            control(hold, organization());
            control(hold, TestingRecords.definition());
            hold.processElement1(event("svi_a"), 0);
            hold.processElement1(event("svi_b"), 0);
            snapshot = hold.snapshot(1, 0);
        }
        try (var hold = hold()) {
            hold.initializeState(snapshot);
            hold.open();
            control(hold, integration("svi_b"));
            assertThat(rows(hold)).containsExactly("svi_b");
            control(hold, integration("svi_a"));
            assertThat(rows(hold)).containsExactly("svi_b", "svi_a");
        }
    }

    @Test
    void putsAsideWhatWaitedTooLongAndSaysForWhat() throws Exception {
        try (var hold = hold()) {
            hold.open();
            control(hold, integration("svi_a"));
            hold.processElement1(event("svi_a"), 0);
            hold.setProcessingTime(32_000);
            assertThat(hold.getSideOutput(DeadLetters.TAG))
                    .singleElement()
                    .extracting(letter -> new String(letter.getValue().value(), UTF_8))
                    .asString()
                    .contains("Waited 30 s for organization 5.");
            assertThat(rows(hold)).isEmpty();
        }
    }

    private static KeyedTwoInputStreamOperatorTestHarness<String, IncomingEvent, byte[], SourcedRow>
            hold() throws Exception {
        return new KeyedTwoInputStreamOperatorTestHarness<>(
                new CoBroadcastWithKeyedOperator<>(
                        new HoldUnknown(Duration.ofSeconds(30), 1000),
                        List.of(BroadcastControl.STATE)),
                incoming -> incoming.event().integration(),
                null,
                Types.STRING);
    }

    private static void control(
            KeyedTwoInputStreamOperatorTestHarness<String, IncomingEvent, byte[], SourcedRow> hold,
            ControlRecord record)
            throws Exception {
        hold.processElement2(ControlCodec.encode(record), 0);
    }

    private static List<String> rows(
            KeyedTwoInputStreamOperatorTestHarness<String, IncomingEvent, byte[], SourcedRow>
                    hold) {
        return hold.extractOutputValues().stream().map(row -> row.update().integration()).toList();
    }

    private static IntegrationControl integration(String id) {
        return TestingRecords.integration(id, 1, State.ACTIVE);
    }

    private static OrganizationControl organization() {
        return TestingRecords.organization(1, State.ACTIVE);
    }

    private static IncomingEvent event(String integration) {
        return TestingRecords.event(integration, 1, BODY);
    }
}

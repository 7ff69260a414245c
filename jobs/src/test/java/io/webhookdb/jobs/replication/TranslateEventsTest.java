package io.webhookdb.jobs.replication;

import static org.assertj.core.api.Assertions.assertThat;

import io.webhookdb.connectors.kafka.IncomingEvent;
import io.webhookdb.connectors.replica.SourcedRow;
import io.webhookdb.schemas.control.ControlCodec;
import io.webhookdb.schemas.control.ControlRecord;
import io.webhookdb.schemas.control.ControlRecord.State;
import java.util.List;
import java.util.stream.Stream;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.apache.flink.streaming.util.TwoInputStreamOperatorTestHarness;
import org.junit.jupiter.api.Test;

class TranslateEventsTest {
    private static final List<ControlRecord> BEFORE =
            List.of(TestingRecords.definition(), TestingRecords.organization(1, State.ACTIVE));

    /** What comes later over the stream of control may come after its events. */
    @Test
    void knowsWhatCameAboutWhileTheJobWasDown() throws Exception {
        OperatorSubtaskState snapshot;
        try (var translate = translate(BEFORE)) {
            translate.open();
            translate.processElement1(event(), 0);
            assertThat(translate.extractOutputValues()).isEmpty();
            assertThat(translate.getSideOutput(TranslateEvents.UNKNOWN)).hasSize(1);
            snapshot = translate.snapshot(1, 0);
        }
        List<ControlRecord> meanwhile =
                Stream.concat(
                                BEFORE.stream(),
                                Stream.of(TestingRecords.integration("svi_a", 1, State.ACTIVE)))
                        .toList();
        try (var translate = translate(meanwhile)) {
            translate.initializeState(snapshot);
            translate.open();
            translate.processElement1(event(), 0);
            assertThat(translate.getSideOutput(TranslateEvents.UNKNOWN)).isNull();
            assertThat(translate.extractOutputValues())
                    .extracting(row -> row.update().key())
                    .containsExactly("cus_1");
        }
    }

    private static TwoInputStreamOperatorTestHarness<IncomingEvent, byte[], SourcedRow> translate(
            List<ControlRecord> published) throws Exception {
        return new TwoInputStreamOperatorTestHarness<>(
                new TranslateOperator(() -> published.stream().map(ControlCodec::encode).toList()));
    }

    private static IncomingEvent event() {
        return TestingRecords.event(
                "svi_a",
                1,
                TestingSystem.customerBody("cus_1", 1_700_000_000, "a@b.c", "customer.updated"));
    }
}

package io.webhookdb.jobs.replication;

import static org.assertj.core.api.Assertions.assertThat;

import io.webhookdb.connectors.kafka.IncomingEvent;
import io.webhookdb.connectors.replica.SourcedRow;
import io.webhookdb.schemas.control.ControlCodec;
import io.webhookdb.schemas.control.ControlRecord;
import java.util.List;
import java.util.stream.Stream;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.apache.flink.streaming.util.TwoInputStreamOperatorTestHarness;
import org.junit.jupiter.api.Test;

class TranslateEventsTest {
    private static final List<ControlRecord> BEFORE =
            List.of(HoldUnknownTest.definition(), HoldUnknownTest.organization());

    /** What comes later over the stream of control may come after its events. */
    @Test
    void knowsWhatCameAboutWhileTheJobWasDown() throws Exception {
        OperatorSubtaskState snapshot;
        try (var translate = translate(BEFORE)) {
            translate.open();
            translate.processElement1(HoldUnknownTest.event("svi_a"), 0);
            assertThat(translate.extractOutputValues()).isEmpty();
            assertThat(translate.getSideOutput(TranslateEvents.UNKNOWN)).hasSize(1);
            snapshot = translate.snapshot(1, 0);
        }
        List<ControlRecord> meanwhile =
                Stream.concat(BEFORE.stream(), Stream.of(HoldUnknownTest.integration("svi_a")))
                        .toList();
        try (var translate = translate(meanwhile)) {
            translate.initializeState(snapshot);
            translate.open();
            translate.processElement1(HoldUnknownTest.event("svi_a"), 0);
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
}

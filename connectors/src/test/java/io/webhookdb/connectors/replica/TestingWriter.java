package io.webhookdb.connectors.replica;

import io.webhookdb.connectors.kafka.DeadLetters;
import io.webhookdb.connectors.kafka.OutgoingRecord;
import io.webhookdb.schemas.change.RowChange;
import io.webhookdb.schemas.change.RowChangeCodec;
import io.webhookdb.schemas.control.ControlCodec;
import io.webhookdb.schemas.control.ControlRecord;
import io.webhookdb.schemas.row.RowUpdate;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.api.java.functions.KeySelector;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.apache.flink.streaming.api.operators.TwoInputStreamOperator;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;
import org.apache.flink.streaming.runtime.tasks.mailbox.Mail;
import org.apache.flink.streaming.util.AbstractStreamOperatorTestHarness;

/** The replica writer with its mailbox and clock in the hands of the test's thread. */
final class TestingWriter extends AbstractStreamOperatorTestHarness<OutgoingRecord> {
    static final int MAX_PARALLELISM = 128;

    private TestingWriter(
            ReplicaWriterSettings settings,
            int shards,
            List<ControlRecord> control,
            String keysets,
            int parallelism,
            int subtask)
            throws Exception {
        super(
                new ReplicaWriterFactory(
                        settings,
                        () -> control.stream().map(ControlCodec::encode).toList(),
                        keysets,
                        "127.0.0.0/8"),
                MAX_PARALLELISM,
                parallelism,
                subtask);
        KeySelector<SourcedRow, String> key = row -> LaneKey.text(row.update(), shards);
        config.setStatePartitioner(0, key);
        config.setStateKeySerializer(
                Types.STRING.createSerializer(executionConfig.getSerializerConfig()));
        config.serializeAllConfigs();
    }

    /** A writer without restored state. */
    static TestingWriter start(
            ReplicaWriterSettings settings, List<ControlRecord> control, String keysets)
            throws Exception {
        return started(new TestingWriter(settings, 1, control, keysets, 1, 0), null);
    }

    /** The same with the lanes a table had in earlier releases. */
    static TestingWriter startSharded(
            ReplicaWriterSettings settings, List<ControlRecord> control, String keysets)
            throws Exception {
        return started(new TestingWriter(settings, 4, control, keysets, 1, 0), null);
    }

    static TestingWriter restore(
            ReplicaWriterSettings settings,
            List<ControlRecord> control,
            String keysets,
            OperatorSubtaskState snapshot,
            int parallelism,
            int subtask)
            throws Exception {
        return started(
                new TestingWriter(settings, 1, control, keysets, parallelism, subtask), snapshot);
    }

    private static TestingWriter started(TestingWriter writer, OperatorSubtaskState snapshot)
            throws Exception {
        writer.setup();
        writer.tick();
        if (snapshot != null) {
            writer.initializeState(snapshot);
        }
        writer.open();
        return writer;
    }

    /** Sends a row; one of a test's fixed time of receipt as if it had been received now. */
    void send(RowUpdate row) throws Exception {
        tick();
        RowUpdate update =
                row.receivedAtMicros() == TestingRows.MICROS
                        ? TestingRows.receivedAt(row, DeadLetters.nowMicros())
                        : row;
        TwoInputStreamOperator<SourcedRow, byte[], OutgoingRecord> writer = writer();
        StreamRecord<SourcedRow> record = new StreamRecord<>(TestingRows.sourced(update));
        writer.setKeyContextElement1(record);
        writer.processElement1(record);
    }

    void control(ControlRecord record) throws Exception {
        tick();
        writer().processElement2(new StreamRecord<>(ControlCodec.encode(record)));
    }

    /** A checkpoint, barrier included. */
    OperatorSubtaskState checkpoint(long id) throws Exception {
        tick();
        prepareSnapshotPreBarrier(id);
        return snapshot(id, id);
    }

    @SuppressWarnings("unchecked") // It is what the factory makes.
    private TwoInputStreamOperator<SourcedRow, byte[], OutgoingRecord> writer() {
        return (TwoInputStreamOperator<SourcedRow, byte[], OutgoingRecord>) operator;
    }

    List<RowChange> changes() {
        return extractOutputValues().stream()
                .map(record -> RowChangeCodec.decode(record.value()))
                .toList();
    }

    List<String> deadLetters() {
        return Optional.ofNullable(getSideOutput(DeadLetters.TAG)).stream()
                .flatMap(queue -> queue.stream())
                .map(record -> new String(record.getValue().value(), StandardCharsets.UTF_8))
                .toList();
    }

    /** Runs mails and timers until the condition holds. */
    void await(BooleanSupplier condition) throws Exception {
        long deadline = System.nanoTime() + Duration.ofSeconds(20).toNanos();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() > deadline) {
                throw new AssertionError(
                        "Not within 20 s; changes " + changes() + " dead " + deadLetters());
            }
            tick();
            LockSupport.parkNanos(500_000);
        }
    }

    private void tick() throws Exception {
        Optional<Mail> mail = getTaskMailbox().tryTake(0);
        while (mail.isPresent()) {
            mail.get().run();
            mail = getTaskMailbox().tryTake(0);
        }
        setProcessingTime(System.currentTimeMillis());
    }

    void finish() throws Exception {
        operator.finish();
    }

    /** As in a crash or a cancellation: nothing is finished first. */
    @Override
    public void close() throws Exception {
        processingTimeService.shutdownService();
        operator.close();
    }
}

package io.webhookdb.connectors.sync;

import io.webhookdb.connectors.kafka.OutgoingRecord;
import io.webhookdb.schemas.control.ControlCodec;
import io.webhookdb.schemas.control.ControlRecord;
import io.webhookdb.schemas.status.StatusCodec;
import io.webhookdb.schemas.status.SyncProgress;
import java.time.Duration;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.api.java.functions.KeySelector;
import org.apache.flink.streaming.api.operators.TwoInputStreamOperator;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;
import org.apache.flink.streaming.runtime.tasks.mailbox.Mail;
import org.apache.flink.streaming.util.AbstractStreamOperatorTestHarness;

/** The sync operator with its mailbox and clock in the hands of the test's thread. */
final class TestingSyncOperator extends AbstractStreamOperatorTestHarness<OutgoingRecord> {
    private TestingSyncOperator(SyncSettings settings, String keysets) throws Exception {
        super(new SyncOperatorFactory(settings, keysets), 128, 1, 0);
        KeySelector<SyncInput, String> key = SyncInput::lane;
        config.setStatePartitioner(0, key);
        config.setStateKeySerializer(
                Types.STRING.createSerializer(executionConfig.getSerializerConfig()));
        config.serializeAllConfigs();
    }

    /** One without state, at that time. */
    static TestingSyncOperator start(SyncSettings settings, String keysets, long now)
            throws Exception {
        TestingSyncOperator started = new TestingSyncOperator(settings, keysets);
        started.setup();
        started.setProcessingTime(now);
        started.open();
        return started;
    }

    void control(ControlRecord record) throws Exception {
        operator().processElement2(new StreamRecord<>(ControlCodec.encode(record)));
    }

    void send(SyncInput input) throws Exception {
        StreamRecord<SyncInput> record = new StreamRecord<>(input);
        operator().setKeyContextElement1(record);
        operator().processElement1(record);
    }

    @SuppressWarnings("unchecked") // It is what the factory makes.
    private TwoInputStreamOperator<SyncInput, byte[], OutgoingRecord> operator() {
        return (TwoInputStreamOperator<SyncInput, byte[], OutgoingRecord>) operator;
    }

    /** The last report on a target; null before the first. */
    SyncProgress progress(String target) {
        SyncProgress last = null;
        Queue<StreamRecord<OutgoingRecord>> reports = getSideOutput(SyncOperatorFactory.STATUS);
        for (StreamRecord<OutgoingRecord> report :
                Optional.ofNullable(reports).stream().flatMap(Queue::stream).toList()) {
            if (StatusCodec.decode(report.getValue().value()) instanceof SyncProgress progress
                    && progress.target().equals(target)) {
                last = progress;
            }
        }
        return last;
    }

    /** What a checkpoint takes, bytes. */
    long stateSize(long checkpoint) throws Exception {
        prepareSnapshotPreBarrier(checkpoint);
        return snapshot(checkpoint, checkpoint).getStateSize();
    }

    /** Runs mails, and timers that are due, until the condition holds; the clock stands still. */
    void await(BooleanSupplier condition) throws Exception {
        long deadline = System.nanoTime() + Duration.ofSeconds(20).toNanos();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() > deadline) {
                throw new AssertionError("Not within 20 s");
            }
            runMails();
            setProcessingTime(getProcessingTime());
            LockSupport.parkNanos(200_000);
        }
    }

    private void runMails() throws Exception {
        for (Optional<Mail> mail = getTaskMailbox().tryTake(0);
                mail.isPresent();
                mail = getTaskMailbox().tryTake(0)) {
            mail.get().run();
        }
    }

    /** As in a crash or a cancellation: nothing is finished first. */
    @Override
    public void close() throws Exception {
        processingTimeService.shutdownService();
        operator.close();
    }
}

package io.webhookdb.connectors.statefun;

import io.webhookdb.connectors.kafka.DeadLetters;
import io.webhookdb.connectors.kafka.OutgoingRecord;
import io.webhookdb.schemas.control.ControlCodec;
import io.webhookdb.schemas.control.ControlRecord;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.api.java.functions.KeySelector;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.apache.flink.runtime.state.VoidNamespace;
import org.apache.flink.state.rocksdb.EmbeddedRocksDBStateBackend;
import org.apache.flink.streaming.api.operators.TwoInputStreamOperator;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;
import org.apache.flink.streaming.runtime.tasks.mailbox.Mail;
import org.apache.flink.streaming.util.AbstractStreamOperatorTestHarness;

/** A function host with its mailbox and clock in the hands of the test's thread. */
final class TestingHost extends AbstractStreamOperatorTestHarness<OutgoingRecord> {
    static final int MAX_PARALLELISM = 128;
    private long ahead;

    private TestingHost(
            FunctionModule module,
            FunctionHostSettings settings,
            List<ControlRecord> control,
            int parallelism,
            int subtask)
            throws Exception {
        super(
                new FunctionHostFactory(
                        module,
                        settings,
                        () -> control.stream().map(ControlCodec::encode).toList()),
                MAX_PARALLELISM,
                parallelism,
                subtask);
        setStateBackend(new EmbeddedRocksDBStateBackend());
        KeySelector<FunctionMessage, String> key = FunctionMessage::address;
        config.setStatePartitioner(0, key);
        config.setStateKeySerializer(
                Types.STRING.createSerializer(executionConfig.getSerializerConfig()));
        config.serializeAllConfigs();
    }

    static TestingHost start(FunctionModule module, FunctionHostSettings settings)
            throws Exception {
        return restore(module, settings, List.of(), null, 1, 0);
    }

    static TestingHost restore(
            FunctionModule module,
            FunctionHostSettings settings,
            List<ControlRecord> control,
            OperatorSubtaskState snapshot,
            int parallelism,
            int subtask)
            throws Exception {
        TestingHost host = new TestingHost(module, settings, control, parallelism, subtask);
        host.setup();
        host.tick();
        if (snapshot != null) {
            host.initializeState(snapshot);
        }
        host.open();
        return host;
    }

    void send(FunctionMessage message) throws Exception {
        tick();
        TwoInputStreamOperator<FunctionMessage, byte[], OutgoingRecord> host = host();
        StreamRecord<FunctionMessage> record = new StreamRecord<>(message);
        host.setKeyContextElement1(record);
        host.processElement1(record);
    }

    void control(ControlRecord record) throws Exception {
        tick();
        host().processElement2(new StreamRecord<>(ControlCodec.encode(record)));
    }

    /** A checkpoint, without waiting for anything in flight. */
    OperatorSubtaskState checkpoint(long id) throws Exception {
        prepareSnapshotPreBarrier(id);
        return snapshot(id, id);
    }

    @SuppressWarnings("unchecked") // It is what the factory makes.
    private TwoInputStreamOperator<FunctionMessage, byte[], OutgoingRecord> host() {
        return (TwoInputStreamOperator<FunctionMessage, byte[], OutgoingRecord>) operator;
    }

    /** Addresses of which keyed state has messages that wait. */
    List<String> waitingInState() {
        try (Stream<String> keys =
                ((FunctionHost) (Object) operator)
                        .<String>getKeyedStateBackend()
                        .getKeys(WaitingMessages.BACKLOG.getName(), VoidNamespace.INSTANCE)) {
            return keys.toList();
        }
    }

    /** The values sent to the first topic. */
    List<String> sent() {
        return extractOutputValues().stream().map(TestingHost::text).toList();
    }

    List<String> sentBeside(String topic) {
        return Optional.ofNullable(getSideOutput(FunctionHostFactory.egress(topic))).stream()
                .flatMap(queue -> queue.stream())
                .map(record -> text(record.getValue()))
                .toList();
    }

    List<String> deadLetters() {
        return Optional.ofNullable(getSideOutput(DeadLetters.TAG)).stream()
                .flatMap(queue -> queue.stream())
                .map(record -> text(record.getValue()))
                .toList();
    }

    private static String text(OutgoingRecord record) {
        return new String(record.value(), StandardCharsets.UTF_8);
    }

    /** Lets time pass, for timers and expiry. */
    void pass(Duration duration) throws Exception {
        ahead += duration.toMillis();
        tick();
    }

    void await(BooleanSupplier condition) throws Exception {
        long deadline = System.nanoTime() + Duration.ofSeconds(20).toNanos();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() > deadline) {
                throw new AssertionError(
                        "Not within 20 s; sent " + sent() + " dead " + deadLetters());
            }
            tick();
            LockSupport.parkNanos(500_000);
        }
    }

    void tick() throws Exception {
        Optional<Mail> mail = getTaskMailbox().tryTake(0);
        while (mail.isPresent()) {
            mail.get().run();
            mail = getTaskMailbox().tryTake(0);
        }
        setProcessingTime(System.currentTimeMillis() + ahead);
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

package io.webhookdb.connectors.statefun;

import static org.assertj.core.api.Assertions.assertThat;

import io.webhookdb.connectors.kafka.OutgoingRecord;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;
import org.apache.flink.api.common.eventtime.WatermarkStrategy;
import org.apache.flink.api.common.functions.RichMapFunction;
import org.apache.flink.api.common.typeinfo.PrimitiveArrayTypeInfo;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.api.connector.source.lib.NumberSequenceSource;
import org.apache.flink.configuration.CheckpointingOptions;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.PipelineOptions;
import org.apache.flink.configuration.RestartStrategyOptions;
import org.apache.flink.configuration.StateBackendOptions;
import org.apache.flink.runtime.testutils.MiniClusterResourceConfiguration;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.test.junit5.MiniClusterExtension;
import org.apache.flink.util.CloseableIterator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

@Timeout(180)
class FunctionHostITCase {
    @RegisterExtension
    static final MiniClusterExtension FLINK =
            new MiniClusterExtension(
                    new MiniClusterResourceConfiguration.Builder()
                            .setNumberTaskManagers(1)
                            .setNumberSlotsPerTaskManager(2)
                            .build());

    private static final int MESSAGES = 4_000;
    private static final int ADDRESSES = 100;

    @TempDir Path checkpoints;

    @Test
    void countsEveryMessageOnceAcrossAFailureOfTheJob() throws Exception {
        StreamExecutionEnvironment env = environment();
        DataStream<FunctionMessage> messages =
                env.fromSource(
                                new NumberSequenceSource(0, MESSAGES - 1),
                                WatermarkStrategy.noWatermarks(),
                                "numbers")
                        .map(new FailsOnceAtTheEnd())
                        .map(number -> TestingFunctions.message("a" + number % ADDRESSES, "count"))
                        .returns(FunctionMessage.TYPE);
        DataStream<byte[]> control =
                env.fromSource(
                                new NumberSequenceSource(0, 0),
                                WatermarkStrategy.noWatermarks(),
                                "control")
                        .filter(number -> false)
                        .map(number -> new byte[0])
                        .returns(PrimitiveArrayTypeInfo.BYTE_PRIMITIVE_ARRAY_TYPE_INFO);
        DataStream<OutgoingRecord> sent =
                messages.keyBy(FunctionMessage::address, Types.STRING)
                        .connect(control.broadcast())
                        .transform(
                                "functions",
                                OutgoingRecord.TYPE,
                                new FunctionHostFactory(
                                        new TestingFunctions(),
                                        FunctionHostSettings.standard(
                                                List.of(TestingFunctions.TOPIC)),
                                        List::of));

        Set<String> counts = new HashSet<>();
        try (CloseableIterator<OutgoingRecord> all = sent.executeAndCollect()) {
            all.forEachRemaining(
                    record -> counts.add(new String(record.value(), StandardCharsets.UTF_8)));
        }
        assertThat(counts)
                .containsExactlyInAnyOrderElementsOf(
                        IntStream.range(0, MESSAGES)
                                .mapToObj(i -> "a" + i % ADDRESSES + "=" + (i / ADDRESSES + 1))
                                .toList());
    }

    private StreamExecutionEnvironment environment() {
        Configuration configuration = new Configuration();
        configuration.set(PipelineOptions.GENERIC_TYPES, false);
        configuration.set(StateBackendOptions.STATE_BACKEND, "rocksdb");
        configuration.set(
                CheckpointingOptions.CHECKPOINTS_DIRECTORY, checkpoints.toUri().toString());
        configuration.set(RestartStrategyOptions.RESTART_STRATEGY, "fixed-delay");
        configuration.set(RestartStrategyOptions.RESTART_STRATEGY_FIXED_DELAY_ATTEMPTS, 1);
        StreamExecutionEnvironment env =
                StreamExecutionEnvironment.getExecutionEnvironment(configuration);
        env.setParallelism(2);
        env.enableCheckpointing(100);
        return env;
    }

    /** Slow enough for several checkpoints before the last number. */
    private static final class FailsOnceAtTheEnd extends RichMapFunction<Long, Long> {
        private static final long serialVersionUID = 1L;
        private static final long PACE_NANOS = 500_000;

        @Override
        public Long map(Long number) {
            LockSupport.parkNanos(PACE_NANOS);
            if (number == MESSAGES - 1
                    && getRuntimeContext().getTaskInfo().getAttemptNumber() == 0) {
                throw new IllegalStateException("Fails once, for the test");
            }
            return number;
        }
    }
}

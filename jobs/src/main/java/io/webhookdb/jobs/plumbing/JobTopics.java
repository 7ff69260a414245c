package io.webhookdb.jobs.plumbing;

import io.webhookdb.connectors.control.ControlDeserializer;
import io.webhookdb.connectors.kafka.OutgoingRecord;
import io.webhookdb.connectors.kafka.OutgoingRecordSchema;
import io.webhookdb.schemas.Topics;
import io.webhookdb.security.kafka.KafkaAccess;
import java.time.Duration;
import org.apache.flink.api.common.eventtime.WatermarkStrategy;
import org.apache.flink.connector.base.DeliveryGuarantee;
import org.apache.flink.connector.kafka.sink.KafkaRecordSerializationSchema;
import org.apache.flink.connector.kafka.sink.KafkaSink;
import org.apache.flink.connector.kafka.source.KafkaSource;
import org.apache.flink.connector.kafka.source.enumerator.initializer.OffsetsInitializer;
import org.apache.flink.connector.kafka.source.reader.deserializer.KafkaRecordDeserializationSchema;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.datastream.SingleOutputStreamOperator;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.kafka.clients.consumer.OffsetResetStrategy;

/**
 * How a job reads and writes the log.
 *
 * @param kafka where the log is
 * @param groupId consumer group of the job
 */
public record JobTopics(KafkaAccess kafka, String groupId) {
    /** Longest wait of a record for others of its batch where somebody waits for it. */
    public static final Duration SOON = Duration.ofMillis(5);

    /** Kafka's own 16 kB hold six changes; each batch costs a compressor and both sides' work. */
    private static final int BATCH_BYTES = 128 << 10;

    /** For reports: a request for each few would cost more than what they report. */
    public static final Duration UNHURRIED = Duration.ofMillis(50);

    /**
     * Control from its beginning, by one subtask; events must not overtake what was said before.
     */
    public DataStream<byte[]> control(StreamExecutionEnvironment env, String uid) {
        KafkaSource<byte[]> source =
                KafkaSource.<byte[]>builder()
                        .setProperties(kafka.properties())
                        .setTopics(Topics.CONTROL)
                        .setGroupId(groupId + "-control")
                        .setStartingOffsets(OffsetsInitializer.earliest())
                        .setDeserializer(new ControlDeserializer())
                        .setClientIdPrefix(uid)
                        .build();
        return env.fromSource(source, WatermarkStrategy.noWatermarks(), Topics.CONTROL)
                .uid(uid)
                .setParallelism(1)
                .setBufferTimeout(JobEnvironment.QUICK_MILLIS);
    }

    /** A topic from where the group's committed offsets are, or from its beginning. */
    @SuppressWarnings("deprecation") // Kafka's enum, which the connector still asks for.
    public <T> SingleOutputStreamOperator<T> resumed(
            StreamExecutionEnvironment env,
            String topic,
            KafkaRecordDeserializationSchema<T> records,
            String uid) {
        return from(
                env,
                topic,
                OffsetsInitializer.committedOffsets(OffsetResetStrategy.EARLIEST),
                records,
                uid);
    }

    /** A topic from so long before now. */
    public <T> SingleOutputStreamOperator<T> recent(
            StreamExecutionEnvironment env,
            String topic,
            Duration overlap,
            KafkaRecordDeserializationSchema<T> records,
            String uid) {
        return from(
                env,
                topic,
                new RecentOffsets(System.currentTimeMillis() - overlap.toMillis()),
                records,
                uid);
    }

    /**
     * A topic from where a job without state is to begin.
     *
     * @param start asked only then
     */
    public <T> SingleOutputStreamOperator<T> from(
            StreamExecutionEnvironment env,
            String topic,
            OffsetsInitializer start,
            KafkaRecordDeserializationSchema<T> records,
            String uid) {
        KafkaSource<T> source =
                KafkaSource.<T>builder()
                        .setProperties(kafka.properties())
                        .setTopics(topic)
                        .setGroupId(groupId)
                        .setStartingOffsets(start)
                        .setDeserializer(records)
                        .setClientIdPrefix(uid)
                        .setProperty("partition.discovery.interval.ms", "60000")
                        .build();
        return env.fromSource(
                        source, WatermarkStrategy.noWatermarks(), topic, records.getProducedType())
                .uid(uid);
    }

    /** Writes outgoing records, at least once. */
    public KafkaSink<OutgoingRecord> sink(String topic, Duration linger) {
        return sink(new OutgoingRecordSchema(topic), linger);
    }

    /** Writes at least once. */
    public <T> KafkaSink<T> sink(KafkaRecordSerializationSchema<T> records, Duration linger) {
        return KafkaSink.<T>builder()
                .setKafkaProducerConfig(kafka.properties())
                .setRecordSerializer(records)
                .setDeliveryGuarantee(DeliveryGuarantee.AT_LEAST_ONCE)
                .setProperty("acks", "all")
                .setProperty("compression.type", "lz4")
                .setProperty("linger.ms", Long.toString(linger.toMillis()))
                .setProperty("batch.size", Integer.toString(BATCH_BYTES))
                .build();
    }
}

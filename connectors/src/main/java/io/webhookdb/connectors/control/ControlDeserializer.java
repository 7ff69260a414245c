package io.webhookdb.connectors.control;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.webhookdb.schemas.control.ControlCodec;
import io.webhookdb.schemas.control.ControlHeartbeat;
import io.webhookdb.schemas.control.ControlRecord;
import java.util.Optional;
import org.apache.flink.api.common.serialization.DeserializationSchema;
import org.apache.flink.api.common.typeinfo.PrimitiveArrayTypeInfo;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.connector.kafka.source.reader.deserializer.KafkaRecordDeserializationSchema;
import org.apache.flink.metrics.Counter;
import org.apache.flink.util.Collector;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/**
 * Lets through the JSON of control records that name an entity. Heartbeats are dropped: operators
 * have no use for them. Records of a kind this release does not know are counted and dropped: they
 * come from a later release and concern what this one cannot do anyway.
 */
public final class ControlDeserializer implements KafkaRecordDeserializationSchema<byte[]> {
    private static final byte[] HEARTBEAT = "heartbeat/".getBytes(UTF_8);

    private transient Counter unknown;

    @Override
    public void open(DeserializationSchema.InitializationContext context) {
        unknown = context.getMetricGroup().counter("controlRecordsUnknown");
    }

    @Override
    public void deserialize(ConsumerRecord<byte[], byte[]> record, Collector<byte[]> collector) {
        if (read(record).isPresent()) {
            collector.collect(record.value());
        } else if (!isHeartbeat(record)) {
            unknown.inc();
        }
    }

    /** The record, if it names an entity this release knows. */
    static Optional<ControlRecord> read(ConsumerRecord<byte[], byte[]> record) {
        if (record.value() == null || isHeartbeat(record)) {
            return Optional.empty();
        }
        try {
            ControlRecord control = ControlCodec.decode(record.value());
            return control instanceof ControlHeartbeat ? Optional.empty() : Optional.of(control);
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    private static boolean isHeartbeat(ConsumerRecord<byte[], byte[]> record) {
        byte[] key = record.key();
        return key != null
                && key.length >= HEARTBEAT.length
                && java.util.Arrays.equals(
                        key, 0, HEARTBEAT.length, HEARTBEAT, 0, HEARTBEAT.length);
    }

    @Override
    public TypeInformation<byte[]> getProducedType() {
        return PrimitiveArrayTypeInfo.BYTE_PRIMITIVE_ARRAY_TYPE_INFO;
    }
}

package io.webhookdb.connectors.keyset;

import io.webhookdb.connectors.kafka.OutgoingRecord;
import io.webhookdb.connectors.kafka.OutgoingRecordSchema;
import io.webhookdb.schemas.Topics;
import io.webhookdb.security.kafka.KafkaAccess;
import org.apache.flink.connector.base.DeliveryGuarantee;
import org.apache.flink.connector.kafka.sink.KafkaSink;
import org.apache.flink.streaming.api.datastream.DataStream;

/**
 * Adds to a job what reports the keys it holds.
 *
 * @param job kind of part, such as {@code replication}
 * @param kafka where the log is
 * @param keysets folder with the keyset {@code connections}
 * @param operatorId id of the operator
 * @param sinkId id of the sink
 */
public record KeysetReports(
        String job, KafkaAccess kafka, String keysets, String operatorId, String sinkId) {

    /** Adds it, with as many subtasks as the job has, so that every process is spoken for. */
    public void addTo(DataStream<byte[]> control) {
        control.broadcast()
                .transform("keysets", OutgoingRecord.TYPE, new KeysetReporter(job, keysets))
                .uid(operatorId)
                .sinkTo(
                        KafkaSink.<OutgoingRecord>builder()
                                .setKafkaProducerConfig(kafka.properties())
                                .setRecordSerializer(new OutgoingRecordSchema(Topics.STATUS))
                                .setDeliveryGuarantee(DeliveryGuarantee.AT_LEAST_ONCE)
                                .build())
                .name("keysets status")
                .uid(sinkId);
    }
}

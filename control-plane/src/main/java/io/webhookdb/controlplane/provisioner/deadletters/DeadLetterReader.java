package io.webhookdb.controlplane.provisioner.deadletters;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.webhookdb.controlplane.database.OpaqueIds;
import io.webhookdb.controlplane.provisioner.reading.ReaderProgress;
import io.webhookdb.controlplane.provisioner.reading.RecordHandler;
import io.webhookdb.controlplane.provisioner.reading.TopicReader;
import io.webhookdb.schemas.Topics;
import io.webhookdb.schemas.deadletter.DeadLetter;
import io.webhookdb.security.kafka.KafkaAccess;
import java.io.IOException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.List;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.statement.PreparedBatch;

/**
 * Reads dead letters into the application database: where the record lies and why it was given up,
 * never what it holds. The same event that dies of the same cause again is listed once.
 */
public final class DeadLetterReader implements RecordHandler {
    private static final JsonMapper MAPPER =
            JsonMapper.builder().disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES).build();
    private static final int LONGEST_MESSAGE = 2_000;

    /** A job that is restarted reports again what it had reported: that is not another attempt. */
    private static final String UPSERT =
            "INSERT INTO dead_letters AS d (opaque_id, identity, organization_id, integration,"
                + " topic, partition, record_offset, event_id, remote_key, reason, message,"
                + " sql_state, attempts, died_at) VALUES (:id, :identity, CASE WHEN :organization >"
                + " 0 THEN :organization ELSE coalesce((SELECT organization_id FROM integrations"
                + " WHERE opaque_id = :integration), 0) END, :integration, :topic, :partition,"
                + " :offset, :event, :remoteKey, :reason, :message, :sqlState, :attempts, :at) ON"
                + " CONFLICT (identity) DO UPDATE SET topic = excluded.topic, partition ="
                + " excluded.partition, record_offset = excluded.record_offset, message ="
                + " excluded.message, sql_state = excluded.sql_state, attempts = d.attempts +"
                + " excluded.attempts, died_at = excluded.died_at, state = 'dead' WHERE (d.topic,"
                + " d.partition, d.record_offset) IS DISTINCT FROM (excluded.topic,"
                + " excluded.partition, excluded.record_offset)";

    private DeadLetterReader() {}

    /**
     * Starts reading, until closed.
     *
     * @param progress told how it does
     */
    public static TopicReader start(KafkaAccess kafka, Jdbi jdbi, ReaderProgress progress) {
        return TopicReader.start(
                kafka, Topics.DEAD_LETTERS, jdbi, new DeadLetterReader(), progress);
    }

    @Override
    public void store(List<ConsumerRecord<byte[], byte[]>> records, Handle transaction) {
        PreparedBatch batch = transaction.prepareBatch(UPSERT);
        for (ConsumerRecord<byte[], byte[]> record : records) {
            DeadLetter letter = decode(record.value());
            batch.bind("id", OpaqueIds.next("dlt"))
                    .bind("identity", identity(letter))
                    .bind("organization", letter.organization())
                    .bind("integration", text(letter.integration()))
                    .bind("topic", text(letter.topic()))
                    .bind("partition", letter.partition())
                    .bind("offset", letter.offset())
                    .bind("event", text(letter.eventId()))
                    .bind("remoteKey", letter.remoteKey() == null ? null : text(letter.remoteKey()))
                    .bind("reason", letter.reason().name())
                    .bind("message", shortened(text(letter.message())))
                    .bind("sqlState", letter.sqlState())
                    .bind("attempts", letter.attempts())
                    .bind(
                            "at",
                            Instant.EPOCH
                                    .plus(letter.atMicros(), ChronoUnit.MICROS)
                                    .atOffset(ZoneOffset.UTC))
                    .add();
        }
        batch.execute();
    }

    private static DeadLetter decode(byte[] json) {
        try {
            DeadLetter letter =
                    MAPPER.readValue(json == null ? new byte[0] : json, DeadLetter.class);
            if (letter.reason() == null) {
                throw new IllegalArgumentException("Not a dead letter: it has no reason");
            }
            return letter;
        } catch (IOException e) {
            throw new IllegalArgumentException(
                    "Not a dead letter: " + e.getClass().getSimpleName(), e);
        }
    }

    private static String identity(DeadLetter letter) {
        String what =
                text(letter.eventId()).isEmpty()
                        ? letter.topic() + "/" + letter.partition() + "/" + letter.offset()
                        : letter.eventId();
        return text(letter.integration())
                + "/"
                + what
                + "/"
                + letter.reason()
                + "/"
                + text(letter.remoteKey());
    }

    /** What vendors send may hold NUL, which Postgres does not store. */
    private static String text(String value) {
        return value == null ? "" : value.replace('\u0000', '\uFFFD');
    }

    private static String shortened(String message) {
        return message.length() <= LONGEST_MESSAGE
                ? message
                : message.substring(0, LONGEST_MESSAGE);
    }
}

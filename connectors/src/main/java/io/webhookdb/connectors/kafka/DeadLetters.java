package io.webhookdb.connectors.kafka;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.webhookdb.schemas.deadletter.DeadLetter;
import io.webhookdb.schemas.event.Event;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import org.apache.flink.util.OutputTag;

/** Makes dead letters of records that cannot be applied. Keyed by integration. */
public final class DeadLetters {
    /** Side output on which every operator puts them. */
    public static final OutputTag<OutgoingRecord> TAG =
            new OutputTag<>("dead-letters", OutgoingRecord.TYPE);

    private static final JsonMapper MAPPER = new JsonMapper();

    private DeadLetters() {}

    /** The dead letter of an event that was tried once. */
    public static OutgoingRecord of(
            IncomingEvent incoming, long organization, DeadLetter.Reason reason, String message) {
        Event event = incoming.event();
        return encoded(
                new DeadLetter(
                        incoming.topic(),
                        incoming.partition(),
                        incoming.offset(),
                        event == null ? "" : event.id().toString(),
                        organization,
                        event == null ? "" : event.integration(),
                        null,
                        reason,
                        message,
                        null,
                        1,
                        nowMicros()));
    }

    /** The record of the dead letter topic. */
    public static OutgoingRecord encoded(DeadLetter letter) {
        try {
            return new OutgoingRecord(
                    letter.integration().getBytes(UTF_8), MAPPER.writeValueAsBytes(letter));
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("Dead letter of event " + letter.eventId(), e);
        }
    }

    /** Microseconds since the epoch. */
    public static long nowMicros() {
        return ChronoUnit.MICROS.between(Instant.EPOCH, Instant.now(Clock.systemUTC()));
    }
}

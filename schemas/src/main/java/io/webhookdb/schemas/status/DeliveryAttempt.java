package io.webhookdb.schemas.status;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonValue;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Locale;

/**
 * One attempt to deliver one change to one webhook subscription. On {@code status.v1}, keyed by the
 * subscription. Holds neither what was sent nor a secret. An attempt may be reported twice after a
 * crash.
 *
 * @param subscription opaque id
 * @param organization numeric id
 * @param integration opaque id of the integration the change is of; empty for a test
 * @param delivery what the receiver saw as {@code webhook-id}: the change's id
 * @param attempt 1, 2, ...; 0 for a test
 * @param at ISO-8601 start of the attempt
 * @param millis how long it took
 * @param status HTTP status of the answer; 0 for none
 * @param outcome what became of it
 * @param nextAt ISO-8601 time of the next attempt; null if there is none
 * @param test whether it was a test event
 * @param changedAt ISO-8601 time at which the change was announced; null for a test
 * @param answer the first {@value #MOST_ANSWER} bytes of the answer's body, as text; where there
 *     was no answer (status 0), why, in words; null for none
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record DeliveryAttempt(
        String subscription,
        long organization,
        String integration,
        String delivery,
        int attempt,
        String at,
        long millis,
        int status,
        Outcome outcome,
        @JsonProperty("next_at") String nextAt,
        boolean test,
        @JsonProperty("changed_at") String changedAt,
        String answer)
        implements StatusReport {
    /** Bytes of an answer that are kept. */
    public static final int MOST_ANSWER = 2_000;

    private static final JsonFactory JSON = new JsonFactory();

    /** What became of an attempt. Words are part of the public format. */
    public enum Outcome {
        /** Answered 2xx. */
        DELIVERED,
        /**
         * Answered 410: the receiver wants no more. The control plane is to end the subscription.
         */
        GONE,
        /** Answered 429 or 503. */
        OVERLOADED,
        /** Answered with any other status, redirects included. */
        REJECTED,
        /** No answer in time. */
        TIMED_OUT,
        /** No such host, no connection, or a broken one. */
        UNREACHABLE,
        /** The host's address may not be called. */
        REFUSED,
        /**
         * Not tried: too much waits for the subscription already. {@code webhooks recover} sends
         * it.
         */
        OVERFLOWN,
        /** The subscription itself cannot be used: its URL or its secret. */
        MISCONFIGURED;

        private final String word = name().toLowerCase(Locale.ROOT);

        /** Lower-case word on the wire. */
        @JsonValue
        public String word() {
            return word;
        }
    }

    @Override
    public String key() {
        return "subscription/" + subscription;
    }

    /** UTF-8 JSON as {@link StatusCodec} writes it, without reflection: there are so many. */
    public byte[] encode() {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(512);
        try (JsonGenerator json = JSON.createGenerator(bytes)) {
            json.writeStartObject();
            json.writeStringField("kind", "delivery_attempt");
            text(json, "subscription", subscription);
            json.writeNumberField("organization", organization);
            text(json, "integration", integration);
            text(json, "delivery", delivery);
            json.writeNumberField("attempt", attempt);
            text(json, "at", at);
            json.writeNumberField("millis", millis);
            json.writeNumberField("status", status);
            text(json, "outcome", outcome.word());
            text(json, "next_at", nextAt);
            json.writeBooleanField("test", test);
            text(json, "changed_at", changedAt);
            text(json, "answer", answer);
            json.writeEndObject();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }

    private static void text(JsonGenerator json, String name, String text) throws IOException {
        if (text != null) {
            json.writeStringField(name, text);
        }
    }
}

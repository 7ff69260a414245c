package io.webhookdb.connectors.webhook;

import io.webhookdb.schemas.status.DeliveryAttempt.Outcome;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;

/**
 * What came of one attempt.
 *
 * @param outcome its class
 * @param status HTTP status; 0 if there was no answer
 * @param asked how long the receiver asked to wait; zero if it did not
 * @param text the start of the answer's body, or why there is no answer; null for none
 */
record Answer(Outcome outcome, int status, Duration asked, String text) {
    Answer(Outcome outcome, int status, Duration asked) {
        this(outcome, status, asked, null);
    }

    /**
     * There was no HTTP answer.
     *
     * @param why in words for whoever has to mend it
     */
    static Answer none(Outcome outcome, String why) {
        return new Answer(outcome, 0, Duration.ZERO, why);
    }

    /**
     * Judges an HTTP answer. Redirects are not followed, since the new address could be anyone's,
     * and so count as failures.
     *
     * @param retryAfter value of {@code Retry-After} (RFC 9110, 10.2.3); null if absent
     */
    static Answer of(int status, String retryAfter, Instant now) {
        if (status >= 200 && status < 300) {
            return new Answer(Outcome.DELIVERED, status, Duration.ZERO);
        }
        return switch (status) {
            case 410 -> new Answer(Outcome.GONE, status, Duration.ZERO);
            case 429, 503 -> new Answer(Outcome.OVERLOADED, status, wait(retryAfter, now));
            default -> new Answer(Outcome.REJECTED, status, Duration.ZERO);
        };
    }

    /** With the start of its body. NUL is no character of a database's text. */
    Answer saying(String start) {
        return new Answer(outcome, status, asked, start.replace('\0', '\ufffd'));
    }

    /** Whether another attempt may help. */
    boolean mayRetry() {
        return outcome != Outcome.DELIVERED && outcome != Outcome.GONE;
    }

    private static Duration wait(String retryAfter, Instant now) {
        if (retryAfter == null) {
            return Duration.ZERO;
        }
        String text = retryAfter.trim();
        if (text.matches("\\d{1,9}")) {
            return Duration.ofSeconds(Long.parseLong(text));
        }
        try {
            Instant then =
                    ZonedDateTime.parse(text, DateTimeFormatter.RFC_1123_DATE_TIME).toInstant();
            return then.isAfter(now) ? Duration.between(now, then) : Duration.ZERO;
        } catch (DateTimeException e) {
            return Duration.ZERO;
        }
    }
}

package io.webhookdb.ingest;

import java.util.Locale;

/** What became of a request; label of the request counter. */
enum Outcome {
    /** Verified and stored. */
    ACCEPTED,
    /** Stored without verification. */
    SKIPPED,
    /** Asked whether somebody is there, and answered; nothing to store. */
    HANDSHAKE,
    /** No valid proof of origin; stored among the rejected. */
    REJECTED,
    /** No valid proof of origin, and Kafka did not take it either. */
    REJECTED_UNSTORED,
    UNKNOWN_INTEGRATION,
    NOT_PUSHED,
    /** The integration exists and this process cannot serve it. */
    UNUSABLE,
    /** Unknown integration, and the control topic did not tell in time. */
    UNDECIDED,
    /** Unknown integration, and too many such requests wait already. */
    TOO_MANY_HELD,
    RATE_LIMITED,
    /** Its credentials could not be told from the rest, so it was not kept. */
    UNSEALABLE,
    /** Memory for requests is used up. */
    OVERLOADED,
    TOO_LARGE,
    /** It says that it is packed, and cannot be unpacked. */
    UNREADABLE,
    /** Kafka did not store it in time. */
    UNSTORED,
    /** Kafka did not store it and the spool is full. */
    SPOOL_FULL,
    BOT,
    NO_SUCH_PATH,
    METHOD_NOT_ALLOWED,
    /** The sender went away or was too slow. */
    ABORTED,
    /** Health and metrics. */
    OWN;

    String label() {
        return name().toLowerCase(Locale.ROOT);
    }
}

package io.webhookdb.connectors.statefun;

import io.webhookdb.connectors.kafka.DeadLetters;
import io.webhookdb.connectors.kafka.OutgoingRecord;
import io.webhookdb.schemas.deadletter.DeadLetter;

/**
 * Whose a function's address is.
 *
 * @param organization numeric id, 0 if unknown
 * @param integration opaque id, empty if unknown
 */
public record FunctionOwner(long organization, String integration) {
    /** No one in particular. */
    public static final FunctionOwner UNKNOWN = new FunctionOwner(0, "");

    /** What is written about a message of an address that is given up. */
    OutgoingRecord deadLetter(
            FunctionAddress address, DeadLetter.Reason reason, String why, int attempts) {
        return DeadLetters.encoded(
                new DeadLetter(
                        "",
                        -1,
                        -1,
                        "",
                        organization,
                        integration,
                        null,
                        reason,
                        "Function " + address.text() + ": " + why,
                        null,
                        attempts,
                        DeadLetters.nowMicros()));
    }
}

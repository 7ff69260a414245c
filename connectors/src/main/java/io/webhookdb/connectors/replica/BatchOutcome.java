package io.webhookdb.connectors.replica;

import io.webhookdb.connectors.kafka.DeadLetters;
import io.webhookdb.connectors.kafka.OutgoingRecord;
import io.webhookdb.schemas.deadletter.DeadLetter;
import java.util.List;

/**
 * What became of a batch. Every row is in exactly one of the lists of rows.
 *
 * @param applied written
 * @param changed of them those whose content their own event changed
 * @param changes announcements of the applied rows whose content changed
 * @param stale the table held a newer version
 * @param refused rows the database will never take
 * @param unwritten rows to try again
 * @param failure why there are unwritten rows; null if there are none
 */
record BatchOutcome(
        List<SourcedRow> applied,
        List<SourcedRow> changed,
        List<OutgoingRecord> changes,
        List<SourcedRow> stale,
        List<Refused> refused,
        List<SourcedRow> unwritten,
        Failure failure) {

    /**
     * A row the database refused.
     *
     * @param row the row
     * @param sqlState SQL state, null if it never reached the database
     * @param message the server's message without detail, which quotes values
     */
    record Refused(SourcedRow row, String sqlState, String message) {
        /** What is put aside of it. */
        OutgoingRecord letter() {
            return DeadLetters.encoded(
                    new DeadLetter(
                            row.topic(),
                            row.partition(),
                            row.offset(),
                            row.update().version().eventId().toString(),
                            row.update().organization(),
                            row.update().integration(),
                            row.update().key(),
                            DeadLetter.Reason.REFUSED_BY_DATABASE,
                            message,
                            sqlState,
                            1,
                            DeadLetters.nowMicros()));
        }
    }

    /** Where a failure that is no row's fault lies. */
    enum Scope {
        DATABASE,
        TABLE
    }

    /**
     * Why rows could not be written.
     *
     * @param kind what it asks for
     * @param scope what it concerns
     * @param message for people, without values
     */
    record Failure(DatabaseFailure kind, Scope scope, String message) {}
}

package io.webhookdb.controlplane.api.db;

import java.time.Instant;
import java.time.temporal.ChronoUnit;

/**
 * A move as it is listed.
 *
 * @param createdAt ISO-8601
 * @param startedAt null before
 * @param finishedAt null before
 * @param status enqueued, in_progress, finished or failed
 * @param progress rows copied, and what hinders it
 */
record MigrationView(
        String createdAt,
        String startedAt,
        String finishedAt,
        String sourceUrl,
        String destinationUrl,
        String status,
        String progress,
        String message) {

    static MigrationView of(
            Instant created,
            Instant started,
            Instant finished,
            String source,
            String destination,
            String state,
            long copied,
            long expected,
            String problem) {
        String status =
                switch (state) {
                    case "enqueued", "finished", "failed" -> state;
                    default -> "in_progress";
                };
        return new MigrationView(
                text(created),
                text(started),
                text(finished),
                source,
                destination,
                status,
                progress(state, copied, expected, problem),
                "");
    }

    /** The same, with a text for the terminal. */
    MigrationView with(String text) {
        return new MigrationView(
                createdAt,
                startedAt,
                finishedAt,
                sourceUrl,
                destinationUrl,
                status,
                progress,
                text);
    }

    private static String progress(String state, long copied, long expected, String problem) {
        String rows = copied + " of " + expected + " rows";
        String what =
                switch (state) {
                    case "enqueued" -> "waiting";
                    case "copying" -> rows;
                    case "holding" -> rows + ", waiting for writers to pause";
                    case "switching" -> rows + ", switching";
                    case "finished" -> copied + " rows copied";
                    default -> rows;
                };
        return problem == null ? what : what + ". " + problem.replaceFirst("\\.$", "");
    }

    private static String text(Instant time) {
        return time == null ? null : time.truncatedTo(ChronoUnit.SECONDS).toString();
    }
}

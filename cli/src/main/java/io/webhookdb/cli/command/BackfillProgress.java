package io.webhookdb.cli.command;

import com.fasterxml.jackson.databind.JsonNode;
import io.webhookdb.cli.CliFailure;
import io.webhookdb.cli.api.Request;
import io.webhookdb.cli.output.Printable;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.StreamSupport;

/** Shows how far the newest order of an integration gets, until it ends. */
final class BackfillProgress {
    private static final long PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(700);
    private static final int BAR = 30;

    private final Session session;
    private final String[] jobs;

    BackfillProgress(Session session, String[] jobs) {
        this.session = session;
        this.jobs = jobs;
    }

    /**
     * Returns when it has finished.
     *
     * @throws CliFailure if it ended otherwise
     */
    void follow() {
        JsonNode items = session.ask(Request.get(jobs)).object().path("items");
        String id =
                StreamSupport.stream(items.spliterator(), false)
                        .filter(job -> !job.path("scheduled").asBoolean())
                        .map(job -> job.path("id").asText())
                        .findFirst()
                        .orElseThrow(() -> CliFailure.api("No backfill was ordered."));
        String[] one = Arrays.copyOf(jobs, jobs.length + 1);
        one[jobs.length] = id;
        String shown = "";
        while (true) {
            JsonNode job = session.ask(Request.get(one)).object();
            String line = line(job, Instant.now());
            if (!line.equals(shown)) {
                session.printer().aside(line);
                shown = line;
            }
            switch (job.path("status").asText()) {
                case "finished" -> {
                    session.printer().result(id + " has finished: " + counts(job));
                    return;
                }
                case "failed", "cancelled" ->
                        throw CliFailure.api(
                                id
                                        + " was "
                                        + (job.path("status").asText().equals("failed")
                                                ? "not completed: "
                                                        + Printable.text(
                                                                job.path("message").asText())
                                                : "cancelled."));
                default -> LockSupport.parkNanos(PAUSE_NANOS);
            }
        }
    }

    /** Such as {@code [######--------] 40 %, 1600 items in 16 pages, 903/s}. */
    static String line(JsonNode job, Instant now) {
        String state = job.path("state").asText(job.path("status").asText());
        String said = job.path("message").asText("");
        return switch (state) {
            case "queued" -> "Queued.";
            case "waiting_for_vendor" ->
                    "Waiting for the vendor. " + Printable.text(said) + " " + counts(job);
            default ->
                    bar(job, now)
                            + counts(job)
                            + (said.isBlank() ? "" : " " + Printable.text(said));
        };
    }

    private static String counts(JsonNode job) {
        double rate = job.path("items_per_second").asDouble();
        long repaired = job.path("repaired").asLong();
        return job.path("items").asLong()
                + " items in "
                + job.path("pages").asLong()
                + " pages"
                + (rate > 0 ? String.format(Locale.ROOT, ", %.0f/s", rate) : "")
                + (repaired > 0 ? ", " + repaired + " rows changed" : "");
    }

    private static String bar(JsonNode job, Instant now) {
        try {
            Instant start = Instant.parse(job.path("started_at").asText());
            Instant end = Instant.parse(job.path("estimated_end").asText());
            double part =
                    (double) Duration.between(start, now).toMillis()
                            / Math.max(1, Duration.between(start, end).toMillis());
            int full = (int) Math.round(Math.min(1, Math.max(0, part)) * BAR);
            return "["
                    + "#".repeat(full)
                    + "-".repeat(BAR - full)
                    + "] "
                    + full * 100 / BAR
                    + " %, ";
        } catch (DateTimeException e) {
            // The vendor does not say how much there is.
            return "";
        }
    }
}

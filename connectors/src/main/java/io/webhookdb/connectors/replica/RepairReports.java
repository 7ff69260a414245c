package io.webhookdb.connectors.replica;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.webhookdb.connectors.kafka.OutgoingRecord;
import io.webhookdb.schemas.event.BackfillMark;
import io.webhookdb.schemas.status.RunRepairs;
import io.webhookdb.schemas.status.StatusCodec;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Consumer;

/**
 * Counts rows that backfills changed, by run, on their way to the status topic. Used by the task
 * thread only. Beyond a number of runs it forgets all and goes on under another name, so that what
 * was reported stays.
 */
final class RepairReports {
    private static final int MOST_RUNS = 5_000;

    private final String reporter;
    private final int most;
    private final Map<Key, Count> counts = new HashMap<>();
    private long generation;

    RepairReports(String reporter) {
        this(reporter, MOST_RUNS);
    }

    RepairReports(String reporter, int most) {
        this.reporter = reporter;
        this.most = most;
    }

    private record Key(String integration, String run) {}

    private static final class Count {
        final long organization;
        long repaired;
        long reported;

        Count(long organization) {
            this.organization = organization;
        }
    }

    /** One row more of that run, as {@link BackfillMark#text()} names it. */
    void count(long organization, String integration, String run) {
        counts.computeIfAbsent(new Key(integration, run), key -> new Count(organization))
                .repaired++;
    }

    /** Reports what has changed since the last call. */
    void send(Consumer<OutgoingRecord> output) {
        counts.forEach((key, count) -> send(key, count, output));
        if (counts.size() > most) {
            counts.clear();
            generation++;
        }
    }

    private void send(Key key, Count count, Consumer<OutgoingRecord> output) {
        if (count.repaired == count.reported) {
            return;
        }
        count.reported = count.repaired;
        BackfillMark.parse(key.run())
                .map(
                        mark ->
                                new RunRepairs(
                                        count.organization,
                                        key.integration(),
                                        mark.run(),
                                        mark.startedAtMillis(),
                                        reporter + "." + generation,
                                        count.repaired))
                .ifPresent(
                        report ->
                                output.accept(
                                        new OutgoingRecord(
                                                report.key().getBytes(UTF_8),
                                                StatusCodec.encode(report))));
    }
}

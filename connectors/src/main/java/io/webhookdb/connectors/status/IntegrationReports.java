package io.webhookdb.connectors.status;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.webhookdb.connectors.kafka.OutgoingRecord;
import io.webhookdb.schemas.status.IntegrationMinute;
import io.webhookdb.schemas.status.IntegrationTally;
import io.webhookdb.schemas.status.MinuteCounters;
import io.webhookdb.schemas.status.StatusCodec;
import java.time.Clock;
import java.time.Duration;
import java.util.UUID;
import java.util.function.Consumer;
import org.apache.flink.api.common.TaskInfo;
import org.apache.flink.util.OutputTag;

/**
 * Counts of one subtask of one operator, on their way to the status topic. Used by the task thread
 * only. A part that counts nothing reports nothing.
 *
 * <p>They describe work, not state: after a crash the events since the last checkpoint are counted
 * again, by another reporter.
 */
public final class IntegrationReports {
    /** Side output on which operators put their reports. */
    public static final OutputTag<OutgoingRecord> TAG =
            new OutputTag<>("status-reports", OutgoingRecord.TYPE);

    /** How long a count waits for its report. */
    public static final Duration PERIOD = Duration.ofSeconds(5);

    private static final int MOST_INTEGRATIONS = 20_000;

    private final Clock clock;
    private final MinuteCounters counters;

    IntegrationReports(String reporter, Clock clock) {
        this.clock = clock;
        this.counters = new MinuteCounters(reporter, MOST_INTEGRATIONS);
    }

    /**
     * Counters of a subtask.
     *
     * @param part job and operator, such as {@code replication/writer}
     */
    public static IntegrationReports of(String part, TaskInfo task) {
        return new IntegrationReports(reporter(part, task), Clock.systemUTC());
    }

    /** A name that no other part, subtask or run of a process has. */
    public static String reporter(String part, TaskInfo task) {
        String run = UUID.randomUUID().toString().substring(0, 8);
        return part + "/" + task.getIndexOfThisSubtask() + "/" + run;
    }

    /** Where to count something of that integration, at once. */
    public IntegrationTally of(long organization, String integration) {
        return counters.of(organization, integration, clock.millis());
    }

    /** Reports what has changed. Call it every {@link #PERIOD}. */
    public void send(Consumer<OutgoingRecord> output) {
        counters.changed(clock.millis()).forEach(report -> output.accept(record(report)));
    }

    private static OutgoingRecord record(IntegrationMinute report) {
        return new OutgoingRecord(report.key().getBytes(UTF_8), StatusCodec.encode(report));
    }
}

package io.webhookdb.schemas.status;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * Counts of one part of one process, per integration and minute, until they are reported. Not
 * thread-safe.
 *
 * <p>Holds a tally of each integration that was counted since the last whole minute and no more
 * than the given number of them: beyond it all are reported for the last time and counting goes on
 * from zero under another reporter's name, so that nothing is lost and nothing counts twice.
 */
public final class MinuteCounters {
    private final String reporter;
    private final int most;
    private final Map<String, IntegrationTally> tallies = new HashMap<>();
    private final List<IntegrationMinute> finished = new ArrayList<>();
    private long generation;

    /**
     * @param reporter name of this part of this run, such as {@code replication/writer/3/5f0c}
     * @param most integrations held at a time
     */
    public MinuteCounters(String reporter, int most) {
        this.reporter = reporter;
        this.most = most;
    }

    /**
     * Where to count something that happened now. Use it at once: a later call may have reported
     * it.
     *
     * @param organization numeric id
     * @param integration opaque id
     * @param nowMillis milliseconds since the epoch
     */
    public IntegrationTally of(long organization, String integration, long nowMillis) {
        long minute = TimeUnit.MILLISECONDS.toMinutes(nowMillis);
        IntegrationTally tally = tallies.get(integration);
        if (tally != null && tally.isOf(minute)) {
            return tally;
        }
        if (tally != null) {
            finish(tally);
        } else if (tallies.size() >= most) {
            tallies.values().forEach(this::finish);
            tallies.clear();
            generation++;
        }
        IntegrationTally fresh = new IntegrationTally(organization, integration, minute);
        tallies.put(integration, fresh);
        return fresh;
    }

    /** Whether so much waits to be reported that it should be before its time. */
    public boolean isCrowded() {
        return finished.size() >= most;
    }

    /**
     * What changed since the last call. Each report is the whole of its minute so far and replaces
     * an earlier one; nothing that did not change is among them.
     */
    public List<IntegrationMinute> changed(long nowMillis) {
        long minute = TimeUnit.MILLISECONDS.toMinutes(nowMillis);
        tallies.values()
                .removeIf(
                        tally -> {
                            finish(tally);
                            return !tally.isOf(minute);
                        });
        List<IntegrationMinute> changed = List.copyOf(finished);
        finished.clear();
        return changed;
    }

    private void finish(IntegrationTally tally) {
        if (tally.takeChanged()) {
            finished.add(tally.report(generation == 0 ? reporter : reporter + "." + generation));
        }
    }
}

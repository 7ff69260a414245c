package io.webhookdb.schemas.status;

/** Counts of one integration within one minute. See {@link IntegrationMinute} for their meaning. */
public final class IntegrationTally {
    private final long organization;
    private final String integration;
    private final long minute;
    private long received;
    private long rejected;
    private long duplicate;
    private long stale;
    private long applied;
    private long dead;
    private long bytes;
    private long latencySumMillis;
    private long latencyMaxMillis;
    private long lastSyncedMicros;
    private boolean changed;

    IntegrationTally(long organization, String integration, long minute) {
        this.organization = organization;
        this.integration = integration;
        this.minute = minute;
    }

    /** A request was accepted, with a body of that many bytes. */
    public void received(long bodyBytes) {
        received++;
        bytes += bodyBytes;
        changed = true;
    }

    /** A request was refused. */
    public void rejected() {
        rejected++;
        changed = true;
    }

    /** An event brought what was known. */
    public void duplicate() {
        duplicate++;
        changed = true;
    }

    /** An event was older than its row. */
    public void stale() {
        stale++;
        changed = true;
    }

    /** An event became a dead letter. */
    public void dead() {
        dead++;
        changed = true;
    }

    /** A row was written and its transaction has ended at that time, microseconds. */
    public void applied(long committedMicros) {
        applied++;
        lastSyncedMicros = Math.max(lastSyncedMicros, committedMicros);
        changed = true;
    }

    /** How long an event took to become an applied row, milliseconds. */
    public void latency(long millis) {
        latencySumMillis += Math.max(0, millis);
        latencyMaxMillis = Math.max(latencyMaxMillis, millis);
        changed = true;
    }

    boolean isOf(long otherMinute) {
        return minute == otherMinute;
    }

    /** Whether something was counted since the last call. */
    boolean takeChanged() {
        boolean was = changed;
        changed = false;
        return was;
    }

    IntegrationMinute report(String reporter) {
        return new IntegrationMinute(
                organization,
                integration,
                minute,
                reporter,
                received,
                rejected,
                duplicate,
                stale,
                applied,
                dead,
                bytes,
                latencySumMillis,
                latencyMaxMillis,
                lastSyncedMicros);
    }
}

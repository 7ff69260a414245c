package io.webhookdb.connectors.sync;

import io.webhookdb.connectors.sync.Delivery.Outcome;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Finds the rows for whose sake a target refuses pages, where its answer does not say so. A row is
 * condemned only if it was refused alone several times while others were taken: a target that
 * refuses everything is broken, and its rows wait. Kept by a lane; a restart begins anew.
 */
final class Suspects {
    /** Attempts in a row that end with a refusal before pages are taken apart. */
    static final int REFUSALS = 5;

    /** Refusals of a row alone, each in an attempt of its own, before it is condemned. */
    static final int ALONE = 3;

    /** Bounds what a broken target is asked in one attempt. */
    static final int MOST_QUESTIONS = 64;

    /**
     * Rows condemned one after the other, with none taken between them, before the target itself is
     * the suspect: a table that nothing fits any more would have all rows in the dead letters.
     */
    static final int MOST_CONDEMNED = 100;

    private final Map<SyncRow, SyncException> alone = new LinkedHashMap<>();
    private Map<String, Suspect> known = new HashMap<>();
    private int refusals;
    private int questions;
    private int condemned;

    private record Suspect(int times, boolean othersPassed) {}

    /** A new attempt. */
    void begin() {
        alone.clear();
        questions = 0;
    }

    /** Whether a refused page is to be sent in parts, now. */
    boolean takesApart(SyncFailure failure) {
        return switch (failure) {
            case POISON -> !doubtsTarget() || questions++ < MOST_QUESTIONS;
            case REFUSED -> refusals >= REFUSALS && questions++ < MOST_QUESTIONS;
            default -> false;
        };
    }

    /** Whether so many rows were condemned that it is not for their sake. */
    boolean doubtsTarget() {
        return condemned >= MOST_CONDEMNED;
    }

    /** Rows were taken. */
    void passed() {
        condemned = 0;
    }

    /**
     * A row was refused alone.
     *
     * @return whether that condemns it at once
     */
    boolean condemns(SyncRow row, SyncException why) {
        if (why.failure() == SyncFailure.POISON && !doubtsTarget()) {
            condemned++;
            return true;
        }
        alone.put(row, why);
        return false;
    }

    /** The attempt's outcome, with those refused that are condemned by now. */
    Outcome judge(Outcome outcome) {
        boolean isRefusal =
                outcome.failure() != null && outcome.failure().failure() == SyncFailure.REFUSED;
        if (alone.isEmpty()) {
            refusals = isRefusal ? refusals + 1 : outcome.failure() == null ? 0 : refusals;
            return outcome;
        }
        boolean othersPassed = outcome.settled().size() > outcome.refused().size();
        Map<String, Suspect> next = new HashMap<>();
        SyncException left = outcome.failure();
        for (Map.Entry<SyncRow, SyncException> entry : alone.entrySet()) {
            SyncRow row = entry.getKey();
            String id = row.key() + "@" + row.version();
            Suspect before = known.getOrDefault(id, new Suspect(0, false));
            Suspect now = new Suspect(before.times() + 1, before.othersPassed() || othersPassed);
            if (now.times() >= ALONE && now.othersPassed()) {
                outcome.settled().add(row);
                outcome.refused().put(row, entry.getValue());
            } else {
                next.put(id, now);
                left = left == null ? entry.getValue() : left;
            }
        }
        known = next;
        refusals = left == null ? 0 : refusals + 1;
        return new Outcome(outcome.settled(), outcome.refused(), left);
    }
}

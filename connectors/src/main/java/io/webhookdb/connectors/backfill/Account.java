package io.webhookdb.connectors.backfill;

import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** An account at a vendor: what its key has in state, parsed, and what goes on right now. */
final class Account {
    final String key;
    final Map<String, OrderState> orders = new LinkedHashMap<>();
    final Map<String, RunState> runs = new LinkedHashMap<>();
    final Map<String, IntegrationNote> integrations = new HashMap<>();
    AccountNote note = AccountNote.NEW;

    /** Integrations that belong here now: those may get scheduled runs. */
    final Set<String> planned = new TreeSet<>();

    /** Channels by the service of their row and its key, and which of them are asked for now. */
    final Map<String, ChannelNote> channels = new LinkedHashMap<>();

    final Set<String> channelsAsked = new TreeSet<>();

    /** What is remembered of owners, by their key, and whether rows of one are looked for now. */
    final Map<String, OwnerNote> owners = new LinkedHashMap<>();

    boolean removing;

    /** When rows of one are looked for next. */
    long looksDueAt;

    /** Members that rows are to get, and whether one is looked at now. */
    final Map<String, Amendment> amendments = new LinkedHashMap<>();

    boolean amending;

    /** When one of the channels has to be looked at. */
    long channelsDueAt;

    int onTheWay;
    long wakeAt = Long.MAX_VALUE;

    Account(String key) {
        this.key = key;
    }

    void remember(String owner, OwnerNote note) {
        owners.put(owner, note);
        if (note.lookAtMillis() > 0) {
            looksDueAt = Math.min(looksDueAt, note.lookAtMillis());
        }
    }

    IntegrationNote integration(String id) {
        return integrations.getOrDefault(id, IntegrationNote.NEW);
    }

    /** Whether an earlier run of the same integration has not ended. */
    boolean mustWait(RunState run) {
        for (RunState other : runs.values()) {
            if (other == run) {
                return false;
            }
            if (other.integration.equals(run.integration)) {
                return true;
            }
        }
        return false;
    }
}

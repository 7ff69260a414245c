package io.webhookdb.connectors.backfill;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Members that a row is to get beside what it has. In state as JSON.
 *
 * @param integration whose row it is
 * @param key its remote key
 * @param members text by name
 * @param dueAtMillis when it is tried: the row may not be written yet
 * @param tries how often it was
 */
record Amendment(
        String integration, String key, Map<String, String> members, long dueAtMillis, int tries) {
    private static final int MOST_TRIES = 12;
    private static final long FIRST_WAIT_MILLIS = 500;

    Amendment {
        members = Map.copyOf(members);
    }

    String id() {
        return integration + "\n" + key;
    }

    /** The same with more members, which count where both have one. */
    Amendment with(Map<String, String> more) {
        Map<String, String> all = new LinkedHashMap<>(members);
        all.putAll(more);
        return new Amendment(integration, key, all, dueAtMillis, tries);
    }

    /** The same, to be tried later: half a second, then twice as long each time. */
    Amendment later(long nowMillis) {
        return new Amendment(
                integration, key, members, nowMillis + (FIRST_WAIT_MILLIS << tries), tries + 1);
    }

    boolean isGivenUp() {
        return tries >= MOST_TRIES;
    }
}

package io.webhookdb.connectors.statefun;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Calls in flight, by address, and their bytes. Those that last long are kept apart, so that they
 * take no place of the others. Plain data of {@link CallScheduler}.
 */
final class CallsInFlight {
    private final FunctionHostSettings settings;

    /** Those that are not known to be slow, oldest first. */
    private final LinkedHashMap<String, Call> fast = new LinkedHashMap<>();

    private final Map<String, Call> slow = new HashMap<>();
    private long fastBytes;
    private long slowBytes;

    /** Whose place a call takes. */
    enum Pace {
        FAST,
        SLOW
    }

    /** A call that came back. */
    record Landed(long startedAt, long bytes) {}

    private static final class Call {
        private final long startedAt;
        private long bytes;

        private Call(long startedAt) {
            this.startedAt = startedAt;
        }
    }

    CallsInFlight(FunctionHostSettings settings) {
        this.settings = settings;
    }

    void started(String address, Pace pace, long now) {
        (pace == Pace.SLOW ? slow : fast).put(address, new Call(now));
    }

    /**
     * Says how large a call is.
     *
     * @return how much larger than was known
     */
    long sized(String address, long bytes) {
        boolean isSlow = slow.containsKey(address);
        Call call = (isSlow ? slow : fast).get(address);
        long more = bytes - call.bytes;
        fastBytes += isSlow ? 0 : more;
        slowBytes += isSlow ? more : 0;
        call.bytes = bytes;
        return more;
    }

    Landed landed(String address) {
        Call call = fast.remove(address);
        if (call == null) {
            call = slow.remove(address);
            slowBytes -= call.bytes;
        } else {
            fastBytes -= call.bytes;
        }
        return new Landed(call.startedAt, call.bytes);
    }

    /** Moves calls that last long to the slow, and names them. */
    List<String> noticeSlow(long now) {
        List<String> noticed = new ArrayList<>();
        Iterator<Map.Entry<String, Call>> all = fast.entrySet().iterator();
        while (all.hasNext()) {
            Map.Entry<String, Call> entry = all.next();
            Call call = entry.getValue();
            if (now - call.startedAt < settings.slow().toMillis()) {
                break;
            }
            all.remove();
            slow.put(entry.getKey(), call);
            fastBytes -= call.bytes;
            slowBytes += call.bytes;
            noticed.add(entry.getKey());
        }
        return noticed;
    }

    /** When the oldest fast call counts as slow, unless it ends before. */
    long nextSlowAt() {
        for (Call oldest : fast.values()) {
            return oldest.startedAt + settings.slow().toMillis();
        }
        return Long.MAX_VALUE;
    }

    boolean hasPlaceForFast() {
        return fast.isEmpty()
                || (fast.size() < settings.mostInFlight()
                        && fastBytes < settings.mostInFlightBytes());
    }

    boolean hasPlaceForSlow() {
        return slow.isEmpty()
                || (slow.size() < settings.mostInFlight() / 2
                        && slowBytes < settings.mostInFlightBytes() / 2);
    }

    int count() {
        return fast.size() + slow.size();
    }
}

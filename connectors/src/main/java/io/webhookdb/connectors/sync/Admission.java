package io.webhookdb.connectors.sync;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Who may use a worker thread: no more than there are, and few of one organization, so that its
 * slow targets leave threads for others. Who is refused is called when there is room.
 */
final class Admission {
    private final int most;
    private final int mostPerOrganization;
    private final Map<Long, Integer> inside = new HashMap<>();
    private final Map<String, Long> waiting = new LinkedHashMap<>();
    private int total;

    Admission(int most, int mostPerOrganization) {
        this.most = most;
        this.mostPerOrganization = mostPerOrganization;
    }

    /** Enters, or is noted to be named by {@link #leave} later. */
    boolean enter(long organization, String lane) {
        if (!hasRoom(organization)) {
            waiting.put(lane, organization);
            return false;
        }
        waiting.remove(lane);
        inside.merge(organization, 1, Integer::sum);
        total++;
        return true;
    }

    /** Lanes to call, in the order they came; each enters anew, or not. */
    List<String> leave(long organization) {
        inside.computeIfPresent(organization, (id, count) -> count == 1 ? null : count - 1);
        total--;
        List<String> called = new ArrayList<>();
        Iterator<Map.Entry<String, Long>> all = waiting.entrySet().iterator();
        while (all.hasNext() && called.size() < most - total) {
            Map.Entry<String, Long> lane = all.next();
            if (hasRoom(lane.getValue())) {
                called.add(lane.getKey());
                all.remove();
            }
        }
        return called;
    }

    /** Whether somebody was refused and not called yet. */
    boolean hasWaiting() {
        return !waiting.isEmpty();
    }

    private boolean hasRoom(long organization) {
        return total < most && inside.getOrDefault(organization, 0) < mostPerOrganization;
    }
}

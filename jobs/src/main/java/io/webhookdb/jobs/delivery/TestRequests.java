package io.webhookdb.jobs.delivery;

import io.webhookdb.schemas.control.ControlRecord.State;
import io.webhookdb.schemas.control.SubscriptionControl;
import java.util.HashMap;
import java.util.Map;

/** How many test events have been asked for, so that each request is answered once. */
final class TestRequests {
    private final Map<String, Long> known = new HashMap<>();

    /**
     * Takes note of a record.
     *
     * @return how many more were asked for than in any record before
     */
    long more(SubscriptionControl subscription) {
        if (subscription.state() == State.DELETED) {
            known.remove(subscription.id());
            return 0;
        }
        Long before = known.merge(subscription.id(), 0L, Math::max);
        known.merge(subscription.id(), subscription.testsRequested(), Math::max);
        return Math.max(0, subscription.testsRequested() - before);
    }
}

package io.webhookdb.jobs.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import io.webhookdb.schemas.control.ControlRecord.State;
import io.webhookdb.schemas.control.SubscriptionControl;
import io.webhookdb.schemas.control.SubscriptionControl.Delivery;
import io.webhookdb.schemas.control.SubscriptionControl.Ordering;
import org.junit.jupiter.api.Test;

final class TestRequestsTest {
    private final TestRequests requests = new TestRequests();

    @Test
    void countsWhatHasBeenAskedForSince() {
        assertThat(more("one", State.ACTIVE, 0)).isZero();
        assertThat(more("one", State.ACTIVE, 2)).isEqualTo(2);
        assertThat(more("one", State.ACTIVE, 2)).isZero();
        assertThat(more("two", State.ACTIVE, 1)).isEqualTo(1);
    }

    @Test
    void isNotMisledByRecordsThatComeAgain() {
        assertThat(more("one", State.ACTIVE, 3)).isEqualTo(3);
        assertThat(more("one", State.ACTIVE, 1)).isZero();
        assertThat(more("one", State.ACTIVE, 3)).isZero();
        assertThat(more("one", State.DELETED, 4)).isZero();
    }

    private long more(String id, State state, long tests) {
        return requests.more(
                new SubscriptionControl(
                        id,
                        5,
                        1,
                        state,
                        null,
                        "https://acme.example/",
                        null,
                        Delivery.SEND,
                        Ordering.PARALLEL,
                        tests));
    }
}

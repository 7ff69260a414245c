package io.webhookdb.connectors.statefun;

import static org.assertj.core.api.Assertions.assertThat;

import io.webhookdb.connectors.statefun.CallScheduler.Standing;
import io.webhookdb.connectors.statefun.CallScheduler.Start;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class CallSchedulerTest {
    /**
     * 8 in flight, 2 of a lane, slow from 100 ms, 4 of a lane in heap, 20 in all; first retry 5.
     */
    private final CallScheduler scheduler = new CallScheduler(TestingFunctions.settings(), (lane, usual) -> usual);

    @Test
    void lanesTakeTurns() {
        offer("a1", "a2", "b1", "b2", "c1");
        assertThat(starts(0)).containsExactly("a1", "b1", "c1", "a2", "b2");
    }

    @Test
    void aLaneHasItsLimitOfCallsInFlight() {
        offer("a1", "a2", "a3");
        assertThat(starts(0)).containsExactly("a1", "a2");
        scheduler.ended("a1", Standing.DONE, 1);
        assertThat(starts(1)).containsExactly("a3");
    }

    @Test
    void anAddressIsCalledOnceAtATime() {
        offer("a1");
        assertThat(starts(0)).containsExactly("a1");
        offer("a1");
        assertThat(starts(0)).isEmpty();
        scheduler.ended("a1", Standing.HAS_MORE, 1);
        assertThat(starts(1)).containsExactly("a1");
    }

    @Test
    void callsThatLastLongTakeNoPlaceOfOthers() {
        offer("a1", "a2", "b1", "b2", "c1", "c2", "d1", "d2", "d3", "e1");
        assertThat(starts(0)).hasSize(8).contains("e1").doesNotContain("d2", "d3");
        assertThat(starts(99)).isEmpty();
        assertThat(scheduler.nextWakeup()).isEqualTo(100);
        offer("f1", "f2");
        assertThat(starts(100)).containsExactly("f1", "f2");

        for (String address : new String[] {"a1", "a2", "b1", "b2"}) {
            scheduler.ended(address, Standing.DONE, 150);
        }
        assertThat(starts(150)).isEmpty();
        scheduler.ended("c1", Standing.DONE, 151);
        assertThat(starts(151)).containsExactly("d2");
    }

    @Test
    void aFailingLaneIsTriedWithOneAddressAndKeepsNoOtherInHeap() {
        offer("a1", "a2", "a3", "b1");
        starts(0);
        scheduler.laneFailed("a1", 10);
        scheduler.laneFailed("a2", 10);
        assertThat(scheduler.inHeap()).isEqualTo(2);
        assertThat(starts(14)).isEmpty();
        assertThat(scheduler.nextWakeup()).isEqualTo(15);
        List<String> probe = starts(15);
        assertThat(probe).hasSize(1);
        assertThat(scheduler.wantsRefill(15)).isFalse();

        scheduler.ended(probe.get(0), Standing.DONE, 16);
        assertThat(scheduler.wantsRefill(16)).isTrue();
    }

    @Test
    void aFailingLaneWaitsLongerEachTimeUpToALimit() {
        offer("a1");
        long now = 0;
        List<Long> waits = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            starts(now);
            scheduler.laneFailed("a1", now);
            waits.add(scheduler.nextWakeup() - now);
            now = scheduler.nextWakeup();
        }
        assertThat(waits).containsExactly(5L, 10L, 20L, 20L);
    }

    @Test
    void anAddressThatFailsForItselfHoldsUpNoOther() {
        offer("a1", "a2", "a3");
        starts(0);
        scheduler.failed("a1", 1, 0);
        assertThat(starts(0)).containsExactly("a3");
        scheduler.ended("a2", Standing.DONE, 1);
        assertThat(starts(4)).isEmpty();
        assertThat(starts(5)).containsExactly("a1");
    }

    @Test
    void whatDoesNotFitIsLookedForWhenThereIsRoom() {
        offer("a1", "a2", "a3", "a4", "a5");
        assertThat(scheduler.inHeap()).isEqualTo(4);
        assertThat(scheduler.wantsRefill(0)).isFalse();
        starts(0);
        assertThat(scheduler.wantsRefill(0)).isTrue();
        scheduler.refilling();
        offer("a5");
        scheduler.refilled(Duration.ofMillis(30), 1);
        assertThat(scheduler.inHeap()).isEqualTo(5);
        assertThat(scheduler.wantsRefill(1000)).isFalse();
    }

    @Test
    void looksThroughStateForATenthOfTheTimeAtMost() {
        scheduler.mayHaveMissed();
        assertThat(scheduler.wantsRefill(0)).isTrue();
        scheduler.refilling();
        scheduler.refilled(Duration.ofMillis(100), 100);
        scheduler.mayHaveMissed();
        assertThat(scheduler.wantsRefill(1099)).isFalse();
        assertThat(scheduler.wantsRefill(1100)).isTrue();
    }

    @Test
    void largeRequestsOfOneLaneLeaveRoomForOthers() {
        offer("a1", "a2", "b1");
        assertThat(scheduler.next(0)).contains(new Start("a1"));
        scheduler.sized("a1", 1 << 18);
        assertThat(starts(0)).containsExactly("b1");
        scheduler.ended("a1", Standing.DONE, 1);
        assertThat(starts(1)).containsExactly("a2");
    }

    private void offer(String... addresses) {
        for (String address : addresses) {
            scheduler.offer(address, address.substring(0, 1), 0);
        }
    }

    private List<String> starts(long now) {
        List<String> starts = new ArrayList<>();
        Optional<Start> next = scheduler.next(now);
        while (next.isPresent()) {
            starts.add(next.get().address());
            next = scheduler.next(now);
        }
        return starts;
    }
}

package io.webhookdb.connectors.replica;

import static io.webhookdb.connectors.replica.TestingRows.deleteByKey;
import static io.webhookdb.connectors.replica.TestingRows.sourced;
import static io.webhookdb.connectors.replica.TestingRows.upsert;
import static org.assertj.core.api.Assertions.assertThat;

import io.webhookdb.connectors.replica.Lane.Kept;
import java.util.List;
import org.junit.jupiter.api.Test;

class LanesTest {
    private final LaneScheduler scheduler =
            new LaneScheduler(ReplicaWriterSettings.DEFAULT, new Crowding(8, () -> 5_000));
    private final Lanes lanes = new Lanes(scheduler, new RowMerge(hash -> null), 1000);

    @Test
    void findsLanesByOrganizationAndIntegration() {
        Lane first = lanes.lane("1/svi_a/0");
        Lane second = lanes.lane("1/svi_b/0");
        Lane other = lanes.lane("2/svi_c/3");

        assertThat(lanes.lane("1/svi_a/0")).isSameAs(first);
        assertThat(lanes.ofOrganization(1)).containsExactlyInAnyOrder(first, second);
        assertThat(lanes.ofIntegration("svi_c")).containsExactly(other);
        assertThat(lanes.ofIntegration("svi_d")).isEmpty();
    }

    @Test
    void wakesOnlyTheLanesThatAwaitARecord() {
        Lane first = lanes.lane("1/svi_a/0");
        Lane second = lanes.lane("1/svi_b/0");
        lanes.await(first, "integration/svi_a");
        lanes.await(first, "definition/hash");
        lanes.await(second, "integration/svi_b");

        assertThat(lanes.awaited("integration/svi_a")).isEmpty();
        assertThat(lanes.awaited("definition/hash")).containsExactly(first);
        assertThat(first.awaits()).isNull();
        assertThat(lanes.awaited("definition/hash")).isEmpty();
        assertThat(second.awaits()).isEqualTo("integration/svi_b");
    }

    @Test
    void findsNothingOfAForgottenLane() {
        Lane lane = lanes.lane("1/svi_a/0");
        lanes.await(lane, "definition/hash");
        lanes.forget(any -> true);
        assertThat(lanes.all()).isEmpty();
        assertThat(lanes.ofOrganization(1)).isEmpty();
        assertThat(lanes.ofIntegration("svi_a")).isEmpty();
        assertThat(lanes.awaited("definition/hash")).isEmpty();
    }

    @Test
    void countsTheHeapOfItsRows() {
        Lane lane = lanes.lane("1/svi_a/0");
        lanes.add(lane, sourced(upsert("a", 1, 1, "n")), Kept.IN_HEAP);
        lanes.add(lane, sourced(upsert("b", 1, 1, "n")), Kept.IN_HEAP);
        assertThat(lanes.heap()).isPositive().isEqualTo(scheduler.tenant(lane).heap());
        assertThat(lanes.take(lane, 1, row -> true)).hasSize(1);
        lanes.release(lane);
        assertThat(lanes.heap()).isZero();
        assertThat(scheduler.tenant(lane).heap()).isZero();
    }

    /** Two transactions with a row of one key would wait for each other. */
    @Test
    void takesNoRowOfWhichAnotherIsInFlight() {
        Lane lane = lanes.lane("1/svi_a/0");
        lanes.add(lane, sourced(upsert("a", 1, 1, "n")), Kept.IN_HEAP);
        List<SourcedRow> first = lanes.take(lane, Long.MAX_VALUE, row -> true);
        lanes.add(lane, sourced(upsert("a", 2, 2, "n")), Kept.IN_HEAP);
        assertThat(lane.first()).isEmpty();
        lanes.add(lane, sourced(upsert("b", 1, 1, "n")), Kept.IN_HEAP);
        assertThat(lane.first()).map(row -> row.update().key()).contains("b");
        List<SourcedRow> second = lanes.take(lane, Long.MAX_VALUE, row -> true);
        assertThat(second).extracting(row -> row.update().key()).containsExactly("b");

        lane.landed(first, 1);
        assertThat(lane.isInFlight()).isTrue();
        assertThat(lanes.take(lane, Long.MAX_VALUE, row -> true))
                .extracting(row -> row.update().key())
                .containsExactly("a");
        lane.landed(second, 2);
        assertThat(lane.isInFlight()).isTrue();
    }

    @Test
    void countsWhatIsInFlightToTheOldestUnsettled() {
        Lane lane = lanes.lane("1/svi_a/0");
        lanes.add(lane, sourced(upsert("a", 1, 1, "n")), Kept.IN_HEAP);
        long received = lane.oldestUnsettled();
        List<SourcedRow> rows = lanes.take(lane, Long.MAX_VALUE, row -> true);
        assertThat(lane.oldestUnsettled()).isEqualTo(received);
        lane.landed(rows, 1);
        assertThat(lane.oldestUnsettled()).isEqualTo(Long.MAX_VALUE);
    }

    /** Metrics are read by other threads, so what they read must not be the lanes themselves. */
    @Test
    void tellsOthersWhatItMeasuredLast() {
        lanes.lane("1/svi_a/0").parking(new Parking(3, 500));
        lanes.lane("2/svi_b/0").parking(new Parking(4, 300));
        Lanes.Load before = lanes.load();
        lanes.measure();
        assertThat(before).isEqualTo(Lanes.Load.NONE);
        assertThat(lanes.load()).isEqualTo(new Lanes.Load(7, 300, 0));
    }

    @Test
    void keepsInStateWhatAWaitingDeleteTookFromAParkedRow() {
        Lane lane = lanes.lane("1/svi_a/0");
        lanes.add(lane, sourced(deleteByKey("a", 2, 2)), Kept.IN_HEAP);
        lanes.add(lane, sourced(upsert("a", 1, 1, "parked")), Kept.ALSO_IN_STATE);
        assertThat(lane.keepInState())
                .extracting(row -> row.update().cells()[0])
                .containsExactly("parked");
    }
}

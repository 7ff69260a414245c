package io.webhookdb.connectors.replica;

import static io.webhookdb.connectors.replica.TestingRows.sourced;
import static io.webhookdb.connectors.replica.TestingRows.upsert;
import static io.webhookdb.connectors.replica.TestingRows.withCells;
import static org.assertj.core.api.Assertions.assertThat;

import io.webhookdb.connectors.replica.Lane.Kept;
import io.webhookdb.connectors.replica.LaneScheduler.Start;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class HeapGateTest {
    private static final SourcedRow ROW = sourced(upsert("k000", 1, 1, "n"));
    private static final int MOST_ROWS = 100;
    private static final String LARGE_CELL = "x".repeat(1 << 20);

    private final ReplicaWriterSettings settings = ReplicaWriterSettings.DEFAULT;
    private final LaneScheduler scheduler =
            new LaneScheduler(settings, new Crowding(settings.threads(), () -> 5_000));
    private final Lanes lanes =
            new Lanes(scheduler, new RowMerge(hash -> null), settings.mostRows());
    private final List<Runnable> ends = new ArrayList<>();
    private long now;
    private int waits;
    private final HeapGate gate =
            new HeapGate(
                    settings,
                    lanes,
                    scheduler,
                    MOST_ROWS * RowMerge.weight(ROW),
                    () -> now,
                    this::letABatchEnd);

    @Test
    void letsRowsInWhileThereIsRoom() {
        waiting("1/svi_a/0", MOST_ROWS - 1);
        assertThat(gate.mustPark(lanes.lane("2/svi_b/0"))).isFalse();
        assertThat(waits).isZero();
    }

    @Test
    void letsTheInputWaitWhileDatabasesThatAnswerMakeRoom() {
        waiting("1/svi_a/0", MOST_ROWS + 10);
        inFlight("2/svi_b/0");
        ends.add(() -> take("1/svi_a/0", 5));
        ends.add(() -> take("1/svi_a/0", 6));
        assertThat(gate.mustPark(lanes.lane("3/svi_c/0"))).isFalse();
        assertThat(waits).isEqualTo(2);
    }

    @Test
    void parksRowsWhereNobodyMakesRoom() {
        waiting("1/svi_a/0", MOST_ROWS);
        assertThat(gate.mustPark(lanes.lane("3/svi_c/0"))).isTrue();
        assertThat(waits).isZero();
    }

    @Test
    void parksRowsWhenNobodyMakesRoomAnyLonger() {
        waiting("1/svi_a/0", MOST_ROWS);
        Start start = inFlight("2/svi_b/0");
        ends.add(() -> scheduler.ended(start, now, 5));
        assertThat(gate.mustPark(lanes.lane("3/svi_c/0"))).isTrue();
        assertThat(waits).isEqualTo(1);
    }

    /** Rows for databases that do not answer stay where they are, whoever else is written. */
    @Test
    void parksRowsWhereTheRoomIsTakenByDatabasesThatDoNotAnswer() {
        waiting("1/svi_a/0", MOST_ROWS / 2 + 10);
        waiting("2/svi_b/0", MOST_ROWS / 2 - 10);
        inFlight("1/svi_a/0", 0);
        now = settings.slow().toMillis();
        inFlight("3/svi_c/0");
        assertThat(gate.mustPark(lanes.lane("3/svi_c/0"))).isTrue();
        assertThat(waits).isZero();
    }

    @Test
    void parksRowsOfADatabaseThatFailsAtOnce() {
        inFlight("2/svi_b/0");
        scheduler.tenant(lanes.lane("1/svi_a/0")).breaker().failed(now);
        assertThat(gate.mustPark(lanes.lane("1/svi_a/0"))).isTrue();
        assertThat(waits).isZero();
    }

    @Test
    void makesRoomByThoseThatHoldMoreThanOthers() {
        waiting("1/svi_a/0", 5);
        waiting("2/svi_b/0", 15);
        assertThat(gate.mustMakeRoom(lanes.lane("2/svi_b/0"))).isFalse();
        waiting("2/svi_b/0", 30);
        waiting("3/svi_c/0", 20);
        assertThat(gate.mustMakeRoom(lanes.lane("1/svi_a/0"))).isFalse();
        assertThat(gate.mustMakeRoom(lanes.lane("2/svi_b/0"))).isTrue();
        assertThat(gate.mustMakeRoom(lanes.lane("3/svi_c/0"))).isTrue();
    }

    @Test
    void givesAnOrganizationThatIsAloneAQuarter() {
        long large = RowMerge.weight(large(0));
        HeapGate roomy =
                new HeapGate(
                        settings, lanes, scheduler, 400 * large, () -> now, this::letABatchEnd);
        assertThat(settings.heapPerOrganization()).isLessThan(50 * large);
        for (int i = 0; i < 99; i++) {
            lanes.add(lanes.lane("1/svi_a/0"), large(i), Kept.IN_HEAP);
        }
        assertThat(roomy.mustPark(lanes.lane("1/svi_b/0"))).isFalse();
        lanes.add(lanes.lane("1/svi_b/0"), large(99), Kept.IN_HEAP);
        assertThat(roomy.mustPark(lanes.lane("1/svi_b/0"))).isTrue();
        assertThat(roomy.mustMakeRoom(lanes.lane("1/svi_b/0"))).isFalse();
        assertThat(roomy.mustMakeRoom(lanes.lane("1/svi_a/0"))).isTrue();
    }

    @Test
    void givesAnOrganizationLessWhereOthersNeedRoom() {
        long large = RowMerge.weight(large(0));
        HeapGate roomy =
                new HeapGate(
                        settings, lanes, scheduler, 400 * large, () -> now, this::letABatchEnd);
        for (int i = 0; i < 60; i++) {
            lanes.add(lanes.lane("1/svi_a/0"), large(i), Kept.IN_HEAP);
        }
        assertThat(roomy.mustPark(lanes.lane("1/svi_a/0"))).isFalse();
        for (int i = 0; i < 170; i++) {
            lanes.add(lanes.lane((2 + i / 40) + "/svi_b/0"), large(i), Kept.IN_HEAP);
        }
        assertThat(roomy.mustPark(lanes.lane("1/svi_a/0"))).isTrue();
        assertThat(roomy.mustPark(lanes.lane("2/svi_b/0"))).isFalse();
    }

    private static SourcedRow large(int number) {
        return sourced(withCells(upsert("k%03d".formatted(number), 1, 1, "n"), LARGE_CELL));
    }

    private void letABatchEnd() {
        waits++;
        ends.remove(0).run();
    }

    private Start inFlight(String key) {
        return inFlight(key, now);
    }

    private Start inFlight(String key, long at) {
        scheduler.plan(lanes.lane(key), at, at);
        return scheduler.next(at).orElseThrow();
    }

    private void take(String key, int rows) {
        lanes.take(lanes.lane(key), rows * RowMerge.weight(ROW), row -> true);
    }

    private void waiting(String key, int rows) {
        for (int i = 0; i < rows; i++) {
            // Keys of one length, so that all rows weigh the same.
            SourcedRow row = sourced(upsert("k%03d".formatted(i), 1, 1, "n"));
            lanes.add(lanes.lane(key), row, Kept.IN_HEAP);
        }
    }
}

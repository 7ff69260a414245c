package io.webhookdb.connectors.replica;

import static org.assertj.core.api.Assertions.assertThat;

import io.webhookdb.connectors.replica.BatchOutcome.Scope;
import io.webhookdb.connectors.replica.LaneScheduler.Pool;
import io.webhookdb.connectors.replica.LaneScheduler.Start;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class LaneSchedulerTest {
    private final ReplicaWriterSettings settings = ReplicaWriterSettings.DEFAULT;
    private final long slow = settings.slow().toMillis();
    private final Crowding crowding = new Crowding(settings.threads(), () -> 5_000);
    private final LaneScheduler scheduler = new LaneScheduler(settings, crowding);

    @Test
    void startsALaneWhenItsTimeHasCome() {
        Lane lane = lane(1, 0);
        scheduler.plan(lane, 50, 0);
        assertThat(scheduler.next(49)).isEmpty();
        assertThat(scheduler.nextWakeup()).hasValue(50);
        assertThat(scheduler.next(50)).map(Start::lane).contains(lane);
        assertThat(lane.standing()).isEqualTo(Lane.Standing.RESTING);
    }

    @Test
    void keepsTheEarlierOfTwoPlans() {
        Lane lane = lane(1, 0);
        scheduler.plan(lane, 50, 0);
        scheduler.plan(lane, 90, 0);
        scheduler.plan(lane, 20, 0);
        scheduler.ended(scheduler.next(20).orElseThrow(), 30, 10);
        assertThat(scheduler.next(200)).isEmpty();
    }

    @Test
    void hasFewBatchesOfAnOrganizationInFlight() {
        List<Lane> lanes = new ArrayList<>();
        int most = settings.batchesPerOrganization();
        for (int shard = 0; shard < most + 2; shard++) {
            lanes.add(lane(1, shard));
            scheduler.plan(lanes.get(shard), 0, 0);
        }
        List<Start> started = startAll(0);
        assertThat(started).hasSize(most);
        scheduler.ended(started.get(0), 5, 5);
        assertThat(startAll(5)).extracting(Start::lane).containsExactly(lanes.get(most));
    }

    @Test
    void startsALaneAgainWhileABatchOfItIsInFlight() {
        Lane lane = lane(1, 0);
        scheduler.plan(lane, 0, 0);
        Start first = startAll(0).get(0);
        scheduler.plan(lane, 1, 1);
        Start second = startAll(1).get(0);
        assertThat(second.lane()).isSameAs(lane);
        assertThat(second).isNotEqualTo(first);
        scheduler.ended(first, 2, 2);
        assertThat(scheduler.tenant(lane).inFlight()).isEqualTo(1);
    }

    @Test
    void remembersHowLongADatabaseTookWhenThereWasNothingToStart() {
        Lane lane = lane(1, 0);
        scheduler.plan(lane, 0, 0);
        scheduler.ended(startAll(0).get(0), slow, slow);
        scheduler.plan(lane, slow, slow);
        scheduler.skipped(startAll(slow).get(0), slow);
        scheduler.plan(lane, slow, slow);
        assertThat(startAll(slow)).extracting(Start::pool).containsExactly(Pool.SLOW);
    }

    @Test
    void letsOrganizationsTakeTurns() {
        for (int shard = 0; shard < 2; shard++) {
            scheduler.plan(lane(1, shard), 0, 0);
        }
        scheduler.plan(lane(2, 0), 0, 0);
        assertThat(startAll(0))
                .extracting(start -> start.lane().key().organization())
                .containsExactly(1L, 2L, 1L);
    }

    @Test
    void makesTheMostOfAConnectionWhileTheyAreScarce() {
        crowd();
        for (int shard = 0; shard < 3; shard++) {
            scheduler.plan(lane(1, shard), 0, 0);
        }
        scheduler.plan(lane(2, 0), 0, 0);
        List<Start> first = startAll(0);
        assertThat(first)
                .extracting(start -> start.lane().key().organization())
                .containsExactly(1L, 2L);

        for (long organization = 3; organization < 20; organization++) {
            scheduler.plan(lane(organization, 0), 0, 0);
        }
        startAll(0);
        scheduler.ended(first.get(0), 1, 1);
        assertThat(startAll(1))
                .extracting(start -> start.lane().key().organization())
                .containsExactly(1L);
    }

    @Test
    void endsATurnHoweverMuchAnOrganizationHas() {
        crowd();
        Lane busy = lane(1, 0);
        scheduler.plan(busy, 0, 0);
        scheduler.plan(lane(1, 1), 0, 0);
        for (long organization = 2; organization < 20; organization++) {
            scheduler.plan(lane(organization, 0), 0, 0);
        }
        List<Start> running = startAll(0);
        int turns = 0;
        Start next = running.get(0);
        while (next.lane().key().organization() == 1) {
            turns++;
            scheduler.ended(next, 1, 1);
            scheduler.plan(next.lane(), 1, 1);
            next = startAll(1).get(0);
        }
        assertThat(turns).isBetween(2, 20);
    }

    private void crowd() {
        crowding.millis(-1_500);
        for (int organization = 0; organization < 100; organization++) {
            crowding.passed(organization, 1, 1_000);
        }
        assertThat(crowding.millis(-500)).isPositive();
    }

    @Test
    void neverStartsMoreThanThereAreThreads() {
        for (int organization = 1; organization <= 50; organization++) {
            scheduler.plan(lane(organization, 0), 0, 0);
        }
        assertThat(startAll(0)).hasSize(settings.threads());
    }

    @Test
    void probesAFailedDatabaseWithOneBatchOnThreadsOfItsOwn() {
        Lane first = lane(1, 0);
        Lane second = lane(1, 1);
        scheduler.plan(first, 0, 0);
        Start failing = startAll(0).get(0);
        scheduler.tenant(first).breaker().failed(10);
        scheduler.ended(failing, 10, 10);
        scheduler.plan(first, 10, 10);
        scheduler.plan(second, 10, 10);
        assertThat(startAll(10)).isEmpty();

        long retry = scheduler.nextWakeup().orElseThrow();
        assertThat(retry).isEqualTo(10 + settings.firstRetry().toMillis());
        List<Start> probes = startAll(retry);
        assertThat(probes).extracting(Start::pool).containsExactly(Pool.PROBE);

        scheduler.tenant(first).breaker().succeeded();
        scheduler.ended(probes.get(0), retry + 1, 1);
        assertThat(startAll(retry + 1)).extracting(Start::lane).containsExactly(second);
    }

    @Test
    void retriesAtOnceWhenTheOrganizationChanges() {
        Lane lane = lane(1, 0);
        scheduler.tenant(lane).breaker().failed(0);
        scheduler.plan(lane, 0, 0);
        assertThat(startAll(1)).isEmpty();
        scheduler.retry(1, 2);
        assertThat(startAll(2)).hasSize(1);
    }

    @Test
    void keepsDeadDatabasesFromTakingTheThreadsOfOthers() {
        for (int organization = 1; organization <= 50; organization++) {
            Lane lane = lane(organization, 0);
            scheduler.tenant(lane).breaker().failed(-100_000);
            scheduler.plan(lane, 0, 0);
        }
        assertThat(startAll(0)).hasSize(settings.threadsForProbes());
        Lane healthy = lane(99, 0);
        scheduler.plan(healthy, 1, 1);
        assertThat(startAll(1)).extracting(Start::lane).containsExactly(healthy);
    }

    @Test
    void runsSlowDatabasesOnThreadsOfTheirOwn() {
        Lane lane = lane(1, 0);
        scheduler.plan(lane, 0, 0);
        List<Start> starts = startAll(0);
        assertThat(starts).extracting(Start::pool).containsExactly(Pool.WELL);
        scheduler.ended(starts.get(0), slow, slow);
        scheduler.plan(lane, slow, slow);
        starts = startAll(slow);
        assertThat(starts).extracting(Start::pool).containsExactly(Pool.SLOW);
        scheduler.ended(starts.get(0), slow + 1, 1);
        scheduler.plan(lane, slow + 2, slow + 2);
        assertThat(startAll(slow + 2)).extracting(Start::pool).containsExactly(Pool.WELL);
    }

    @Test
    void closesTheBreakerOfADatabaseWhoseTableFails() {
        Lane missing = lane(1, 0);
        Lane other = lane(1, 1);
        assertThat(scheduler.failed(missing, Scope.DATABASE, 0)).isTrue();
        assertThat(scheduler.failed(missing, Scope.TABLE, 1)).isTrue();
        assertThat(scheduler.tenant(missing).breaker().isClosed()).isTrue();
        assertThat(missing.breaker().isClosed()).isFalse();
        assertThat(scheduler.failed(missing, Scope.TABLE, 2)).isFalse();

        scheduler.plan(other, 2, 2);
        assertThat(startAll(2)).extracting(Start::pool).containsExactly(Pool.WELL);
    }

    @Test
    void waitsOnlyForDatabasesThatAnswer() {
        Lane lane = lane(1, 0);
        scheduler.plan(lane, 0, 0);
        startAll(0);
        assertThat(scheduler.hasWellInFlight(slow - 1)).isTrue();
        assertThat(scheduler.hasWellInFlight(slow)).isFalse();
    }

    private List<Start> startAll(long now) {
        List<Start> starts = new ArrayList<>();
        Optional<Start> next = scheduler.next(now);
        while (next.isPresent()) {
            starts.add(next.get());
            next = scheduler.next(now);
        }
        return starts;
    }

    private Lane lane(long organization, int shard) {
        return new Lane(
                new LaneKey(organization, "svi", shard),
                scheduler.newBreaker(),
                new RowMerge(hash -> null),
                1000);
    }
}

package io.webhookdb.jobs.replication;

import static io.webhookdb.jobs.replication.TestingUpdates.at;
import static io.webhookdb.jobs.replication.TestingUpdates.id;
import static org.assertj.core.api.Assertions.assertThat;

import io.webhookdb.connectors.replica.SourcedRow;
import io.webhookdb.jobs.replication.RowOrdering.Decision;
import io.webhookdb.jobs.replication.RowOrdering.Duplicate;
import io.webhookdb.jobs.replication.RowOrdering.Recall;
import io.webhookdb.jobs.replication.RowOrdering.Stale;
import io.webhookdb.jobs.replication.RowOrdering.Write;
import io.webhookdb.schemas.event.Origin;
import io.webhookdb.schemas.row.RowUpdate;
import io.webhookdb.schemas.row.Version;
import io.webhookdb.schemas.row.Version.Rank;
import org.junit.jupiter.api.Test;

class RowOrderingTest {
    private RowMemory memory;

    @Test
    void writesTheFirstStateOfARow() {
        assertThat(decide(at(1).event(1))).isInstanceOf(Write.class);
    }

    @Test
    void dropsAnOlderState() {
        decide(at(2).event(1));
        assertThat(decide(at(1).event(2))).isInstanceOf(Stale.class);
    }

    @Test
    void keepsTheLaterOfTwoEventsInTheSameSecond() {
        decide(at(1).event(2).content("second"));
        assertThat(decide(at(1).event(1).content("first"))).isInstanceOf(Stale.class);
        assertThat(decide(at(1).event(3).content("third"))).isInstanceOf(Write.class);
    }

    @Test
    void dropsTheSameEventWhenItComesAgain() {
        decide(at(1).event(1));
        assertThat(decide(at(1).event(1))).isInstanceOf(Duplicate.class);
    }

    @Test
    void letsNoRetryOfTheFirstEventBeatTheSecond() {
        decide(at(1).event(1).content("first"));
        decide(at(1).event(2).content("second"));
        assertThat(decide(at(1).event(3).content("first"))).isInstanceOf(Stale.class);
    }

    @Test
    void knowsARetryByItsDeliveryEvenIfItsBytesDiffer() {
        decide(at(1).event(1).content("first").delivery("evt_1"));
        decide(at(1).event(2).content("second").delivery("evt_2"));
        assertThat(decide(at(1).event(3).content("first again").delivery("evt_1")))
                .isInstanceOf(Stale.class);
    }

    @Test
    void dropsARetryOfTheNewestState() {
        decide(at(1).event(1).content("same"));
        assertThat(decide(at(1).event(2).content("same"))).isInstanceOf(Duplicate.class);
        assertThat(memory.written().eventId()).isEqualTo(id(1));
    }

    @Test
    void forgetsContentsAtANewerTime() {
        decide(at(1).event(1).content("same"));
        Write write = (Write) decide(at(2).event(2).content("same"));
        assertThat(write.update().version().eventId()).isEqualTo(id(2));
        assertThat(memory.sightings()).hasSize(1);
    }

    @Test
    void letsADeleteBeatEverythingOfItsInstantAndOnlyANewerTimeRevive() {
        decide(at(1).event(1).rank(Rank.DELETE));
        assertThat(decide(at(1).event(2).content("later"))).isInstanceOf(Stale.class);
        assertThat(decide(at(2).event(3).content("alive"))).isInstanceOf(Write.class);
    }

    @Test
    void doesNotTakeADeletesFinalObjectForTheUpsertItEquals() {
        decide(at(1).event(1).content("same"));
        Write write = (Write) decide(at(1).event(2).rank(Rank.DELETE).content("same"));
        assertThat(write.update().version().eventId()).isEqualTo(id(2));
    }

    @Test
    void letsAPushBeatAPollOfItsInstant() {
        decide(at(1).event(1).content("pushed"));
        assertThat(decide(at(1).event(2).rank(Rank.POLL).content("polled")))
                .isInstanceOf(Stale.class);
    }

    @Test
    void letsAPushRaiseAPollOfTheSameContent() {
        decide(at(1).event(1).rank(Rank.POLL).content("same"));
        Write write = (Write) decide(at(1).event(2).content("same"));
        assertThat(write.update().version().rank()).isEqualTo(Rank.PUSH);
        assertThat(write.update().version().eventId()).isEqualTo(id(1));
    }

    @Test
    void dropsTheOriginalOfARetryThatOvertookIt() {
        decide(at(1).event(3).content("first"));
        assertThat(decide(at(1).event(1).content("first"))).isInstanceOf(Duplicate.class);
    }

    @Test
    void writesWhatArrivedBetweenAnOriginalAndItsOvertakingRetryAsTheNewer() {
        decide(at(1).event(3).content("first"));
        decide(at(1).event(1).content("first"));
        Write write = (Write) decide(at(1).event(2).content("second"));

        assertThat(write.update().version()).isGreaterThan(at(1).event(3).update().version());
        assertThat(decide(at(1).event(2).content("second"))).isInstanceOf(Duplicate.class);
        assertThat(decide(at(1).event(4).content("first"))).isInstanceOf(Stale.class);
    }

    @Test
    void alwaysPassesAReplayOn() {
        decide(at(2).event(2).content("newest"));
        assertThat(replay(at(1).event(1).content("older"))).isInstanceOf(Write.class);
        assertThat(memory.written().eventId()).isEqualTo(id(2));
        Write repaired = (Write) replay(at(2).event(2).content("newest"));
        assertThat(repaired.update().version()).isEqualTo(memory.written());
    }

    @Test
    void passesAReplayedRetryOnUnderTheIdOfItsFirstSighting() {
        decide(at(1).event(1).content("first"));
        decide(at(1).event(2).content("second"));
        Write write = (Write) replay(at(1).event(3).content("first"));
        assertThat(write.update().version().eventId()).isEqualTo(id(1));
    }

    @Test
    void forgetsEverythingInANewEpoch() {
        decide(at(5).event(5));
        assertThat(decide(at(1).event(1).epoch(2))).isInstanceOf(Write.class);
        assertThat(decide(at(0).event(0).epoch(1))).isInstanceOf(Stale.class);
    }

    @Test
    void forgetsEverythingUnderANewDefinition() {
        decide(at(5).event(5));
        assertThat(decide(at(5).event(5).definition("other"))).isInstanceOf(Write.class);
    }

    @Test
    void comparesIdsAsUnsignedNumbers() {
        RowUpdate low = at(1).event(1).content("low").update();
        RowUpdate high = low.withVersion(low.version().withEventId(new java.util.UUID(-1L, -1L)));
        decide(at(1).event(9).content("x"));
        SourcedRow row = new SourcedRow(high, Origin.WEBHOOK, "topic", 0, 0);
        assertThat(RowOrdering.decide(memory, row)).isInstanceOf(Write.class);
    }

    @Test
    void remembersABoundedNumberOfContentsAndAlwaysTheNewest() {
        for (int event = 1; event <= 200; event++) {
            decide(at(1).event(event).content("content " + event).delivery("delivery " + event));
        }
        assertThat(memory.sightings()).hasSize(RowMemory.MOST_SIGHTINGS);
        assertThat(decide(at(1).event(201).content("content 200"))).isInstanceOf(Duplicate.class);
    }

    @Test
    void endsWithTheLastStateOfAnEventThatBringsARowTwiceHoweverOftenItComes() {
        decide(at(1).event(1).content("one"));
        assertThat(decide(at(1).event(1).content("two"))).isInstanceOf(Write.class);
        assertThat(decide(at(1).event(1).content("one"))).isInstanceOf(Stale.class);
        assertThat(decide(at(1).event(1).content("two"))).isInstanceOf(Duplicate.class);
    }

    @Test
    void recallsTheLoserOfARetryOnceThatRetrysOriginalIsSeen() {
        Version retry = written(decide(at(1).event(3).content("first")));
        assertThat(decide(at(1).event(2).content("second"))).isInstanceOf(Stale.class);
        Recall recall = (Recall) decide(at(1).event(1).content("first"));

        assertThat(recall.place()).isEqualTo(at(1).event(2).place());
        assertThat(recall.decision()).isInstanceOf(Duplicate.class);
        assertThat(written(replay(at(1).event(2).content("second")))).isGreaterThan(retry);
        assertThat(decide(at(1).event(2).content("second"))).isInstanceOf(Duplicate.class);
        assertThat(decide(at(1).event(4).content("first"))).isInstanceOf(Stale.class);
    }

    @Test
    void recallsWhatARetryOverwroteBeforeItsOriginalWasSeen() {
        decide(at(1).event(2).content("second"));
        Version retry = written(decide(at(1).event(3).content("first")));
        Recall recall = (Recall) decide(at(1).event(1).content("first"));

        assertThat(recall.place()).isEqualTo(at(1).event(2).place());
        assertThat(written(replay(at(1).event(2).content("second")))).isGreaterThan(retry);
    }

    @Test
    void writesTheLoserAtItsOwnRetryIfItsEventCannotBeRead() {
        decide(at(1).event(3).content("first"));
        decide(at(1).event(2).content("second"));
        decide(at(1).event(1).content("first"));
        assertThat(decide(at(1).event(4).content("second"))).isInstanceOf(Write.class);
    }

    private static Version written(Decision decision) {
        return ((Write) decision).update().version();
    }

    private Decision decide(TestingUpdates update) {
        return decide(update, Origin.WEBHOOK);
    }

    private Decision replay(TestingUpdates update) {
        return decide(update, Origin.REPLAY);
    }

    private Decision decide(TestingUpdates update, Origin origin) {
        Decision decision = RowOrdering.decide(memory, update.row(origin));
        memory = decision.memory();
        return decision;
    }
}

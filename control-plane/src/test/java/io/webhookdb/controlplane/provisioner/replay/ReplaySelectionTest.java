package io.webhookdb.controlplane.provisioner.replay;

import static org.assertj.core.api.Assertions.assertThat;

import io.webhookdb.controlplane.events.TestingEvents;
import io.webhookdb.controlplane.provisioner.replay.ReplaySelection.Choice;
import io.webhookdb.controlplane.provisioner.replay.ReplaySelection.Lane;
import io.webhookdb.controlplane.provisioner.replay.ReplaySelection.Proof;
import io.webhookdb.schemas.control.ControlRecord.State;
import io.webhookdb.schemas.control.ReplayControl;
import io.webhookdb.schemas.control.ReplayControl.Requests;
import io.webhookdb.schemas.event.Event;
import io.webhookdb.schemas.event.Origin;
import io.webhookdb.security.signature.RejectionReason;
import io.webhookdb.security.signature.Verdict;
import java.net.URI;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ReplaySelectionTest {
    private static final Instant AT = Instant.parse("2026-01-31T10:00:00Z");
    private static final String MINE = "svi_mine";

    @Test
    void takesTheFirstMomentOfTheTimeAndNotTheLast() {
        Event event = event(MINE, Origin.WEBHOOK);
        assertThat(choose(order(AT, AT.plusSeconds(1), Requests.ALL, null), event, Lane.ACCEPTED))
                .isInstanceOf(Choice.Emit.class);
        assertThat(choose(order(AT.minusSeconds(1), AT, Requests.ALL, null), event, Lane.ACCEPTED))
                .isInstanceOf(Choice.Skip.class);
    }

    @Test
    void skipsWhatBelongsToNobodyItKnows() {
        assertThat(choose(all(), event("svi_foreign", Origin.WEBHOOK), Lane.ACCEPTED))
                .isInstanceOf(Choice.Skip.class);
    }

    @ParameterizedTest
    @EnumSource(
            value = Origin.class,
            names = {"REPLAY", "REPLAYED_BACKFILL"})
    void skipsWhatWasProcessedAgainBefore(Origin origin) {
        assertThat(choose(all(), event(MINE, origin), Lane.ACCEPTED))
                .isInstanceOf(Choice.Skip.class);
    }

    @Test
    void takesOnlyTheLaneThatWasOrdered() {
        Event event = event(MINE, Origin.WEBHOOK);
        ReplayControl accepted = order(AT, AT.plusSeconds(1), Requests.ACCEPTED, null);
        ReplayControl rejected = order(AT, AT.plusSeconds(1), Requests.REJECTED, null);
        assertThat(choose(accepted, event, Lane.REJECTED)).isInstanceOf(Choice.Skip.class);
        assertThat(choose(rejected, event, Lane.ACCEPTED)).isInstanceOf(Choice.Skip.class);
        assertThat(choose(rejected, event, Lane.REJECTED)).isInstanceOf(Choice.Emit.class);
    }

    @Test
    void takesOnlyTheEventThatWasOrdered() {
        Event event = event(MINE, Origin.WEBHOOK);
        String id = event.id().toString();
        assertThat(choose(order(AT, AT.plusSeconds(1), Requests.ALL, id), event, Lane.ACCEPTED))
                .isInstanceOf(Choice.Emit.class);
        assertThat(
                        choose(
                                order(AT, AT.plusSeconds(1), Requests.ALL, id),
                                event(MINE, Origin.WEBHOOK),
                                Lane.ACCEPTED))
                .isInstanceOf(Choice.Skip.class);
    }

    @Test
    void refusesWhatIsRejectedAgainAndWhatCannotBeJudged() {
        Event event = event(MINE, Origin.WEBHOOK);
        assertThat(judged(event, new Verdict.Rejected(RejectionReason.NO_SECRET, "none")))
                .isInstanceOf(Choice.Refuse.class);
        assertThat(judged(event, new Verdict.KeyNeeded(URI.create("https://keys.example"))))
                .isInstanceOf(Choice.Refuse.class);
        assertThat(judged(event, Verdict.Accepted.VERIFIED)).isInstanceOf(Choice.Emit.class);
    }

    private static Choice judged(Event event, Verdict verdict) {
        return new ReplaySelection(all(), Map.of(MINE, new Proof.Signed(request -> verdict)))
                .choose(event, Lane.REJECTED);
    }

    private static Choice choose(ReplayControl order, Event event, Lane lane) {
        return new ReplaySelection(order, Map.of(MINE, new Proof.Skipped())).choose(event, lane);
    }

    private static ReplayControl all() {
        return order(AT, AT.plusSeconds(1), Requests.ALL, null);
    }

    private static ReplayControl order(
            Instant after, Instant before, Requests requests, String event) {
        return new ReplayControl(
                "rpl_1", 1, 1, State.ACTIVE, null, micros(after), micros(before), requests, event);
    }

    private static Event event(String integration, Origin origin) {
        return TestingEvents.event(integration, origin, Map.of(), AT, "{}");
    }

    private static long micros(Instant time) {
        return ChronoUnit.MICROS.between(Instant.EPOCH, time);
    }
}

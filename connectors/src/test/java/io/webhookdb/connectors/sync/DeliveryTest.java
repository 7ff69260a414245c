package io.webhookdb.connectors.sync;

import static org.assertj.core.api.Assertions.assertThat;

import io.webhookdb.connectors.sync.Delivery.Outcome;
import io.webhookdb.schemas.control.ControlRecord.State;
import io.webhookdb.schemas.control.SyncTargetControl;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class DeliveryTest {
    private static final SyncTargetControl CONTROL =
            new SyncTargetControl(
                    "syt_1",
                    1,
                    1,
                    State.ACTIVE,
                    "svi_1",
                    SyncTargetControl.Kind.HTTP,
                    "sealed",
                    "",
                    "",
                    100,
                    1,
                    0);

    private static final PageDeadline DEADLINE = new PageDeadline(PageDeadline.USUAL);

    @AfterAll
    static void closeDeadline() {
        DEADLINE.close();
    }

    private final List<String> taken = new ArrayList<>();
    private int asked;

    @Test
    void findsTheRowATargetRefusesAndSendsTheOthers() {
        Outcome outcome = deliver(SyncFailure.POISON, 20);

        assertThat(outcome.failure()).isNull();
        assertThat(outcome.refused().keySet()).extracting(SyncRow::key).containsExactly("row_13");
        assertThat(outcome.settled()).hasSize(20);
        assertThat(taken).hasSize(19).doesNotContain("row_13");
    }

    @Test
    void settlesNothingOfAPageThatFailsForNow() {
        Outcome outcome = deliver(SyncFailure.TRANSIENT, 20);

        assertThat(outcome.failure().failure()).isEqualTo(SyncFailure.TRANSIENT);
        assertThat(outcome.settled()).isEmpty();
        assertThat(outcome.refused()).isEmpty();
    }

    @Test
    @Timeout(20)
    void endsFromOutsideWhatATargetNeverAnswers() {
        try (PageDeadline soon = new PageDeadline(Duration.ofMillis(50))) {
            Outcome outcome =
                    deliver(new Delivery(control -> new Hanging(), null, soon), rows(0, 2));
            assertThat(outcome.failure().failure()).isEqualTo(SyncFailure.TRANSIENT);
            assertThat(outcome.failure()).hasMessageContaining("did not take the page within");
            assertThat(outcome.settled()).isEmpty();
        }
    }

    /** Hangs until it is told to give up. */
    private static final class Hanging implements SyncTarget {
        private final CountDownLatch aborted = new CountDownLatch(1);

        @Override
        public void deliver(SyncPage page) throws SyncException {
            try {
                aborted.await();
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
            throw new SyncException(SyncFailure.TRANSIENT, "gone", "08006", null);
        }

        @Override
        public void abort() {
            aborted.countDown();
        }

        @Override
        public void rest() {}
    }

    @Test
    void takesAPageApartThatIsRefusedTimeAndAgainAndGivesUpTheRowItIsFor() {
        Delivery delivery =
                new Delivery(control -> refusing("row_13", SyncFailure.REFUSED), null, DEADLINE);
        for (int i = 0; i < Suspects.REFUSALS; i++) {
            assertThat(deliver(delivery, rows(0, 20)).settled()).isEmpty();
        }
        assertThat(taken).isEmpty();

        Outcome first = deliver(delivery, rows(0, 20));
        assertThat(first.settled()).hasSize(19);
        assertThat(first.refused()).isEmpty();
        assertThat(first.failure().failure()).isEqualTo(SyncFailure.REFUSED);
        assertThat(taken).hasSize(19).doesNotContain("row_13");

        deliver(delivery, rows(13, 14));
        Outcome last = deliver(delivery, rows(13, 14));
        assertThat(last.refused().keySet()).extracting(SyncRow::key).containsExactly("row_13");
        assertThat(last.failure()).isNull();
    }

    @Test
    void givesUpNoRowOfATargetThatRefusesEverything() {
        Delivery delivery =
                new Delivery(control -> refusing("row_", SyncFailure.REFUSED), null, DEADLINE);
        for (int i = 0; i < 30; i++) {
            Outcome outcome = deliver(delivery, rows(0, 1000));
            assertThat(outcome.settled()).isEmpty();
            assertThat(outcome.failure().failure()).isEqualTo(SyncFailure.REFUSED);
        }
        assertThat(asked).isLessThan(30 * (Suspects.MOST_QUESTIONS + 2));
        assertThat(deliver(delivery, rows(0, 1)).refused()).isEmpty();
    }

    /** A table that nothing fits must not have every row among the dead letters. */
    @Test
    void givesUpAHundredRowsAtMostOfATableThatTakesNone() {
        AtomicReference<String> bad = new AtomicReference<>("row_");
        Delivery delivery =
                new Delivery(control -> refusing(bad::get, SyncFailure.POISON), null, DEADLINE);
        int condemned = 0;
        for (int i = 0; i < 10; i++) {
            int from = condemned;
            Outcome outcome = deliver(delivery, rows(from, from + 300));
            condemned += outcome.refused().size();
            assertThat(outcome.failure().failure()).isEqualTo(SyncFailure.POISON);
        }
        assertThat(condemned).isEqualTo(Suspects.MOST_CONDEMNED);
        assertThat(asked).isLessThan(2 * 300 + 10 * (Suspects.MOST_QUESTIONS + 2));

        // Mended, but for one row.
        bad.set("row_113");
        Outcome outcome = deliver(delivery, rows(100, 400));
        assertThat(outcome.failure()).isNull();
        assertThat(outcome.refused().keySet()).extracting(SyncRow::key).containsExactly("row_113");
    }

    @Test
    void reachesTheRowsBehindHundredsThatCannotBeTaken() {
        Delivery delivery =
                new Delivery(control -> refusingBelow(300, SyncFailure.POISON), null, DEADLINE);
        Set<SyncRow> left = new LinkedHashSet<>(rows(0, 1000));
        int condemned = 0;
        for (int attempt = 0; attempt < 10 && !left.isEmpty(); attempt++) {
            Outcome outcome = deliver(delivery, List.copyOf(left));
            left.removeAll(outcome.settled());
            condemned += outcome.refused().size();
        }
        assertThat(left).isEmpty();
        assertThat(taken).hasSize(700);
        assertThat(condemned).isEqualTo(300);
    }

    private SyncTarget refusingBelow(int number, SyncFailure failure) {
        return new SyncTarget() {
            @Override
            public void deliver(SyncPage page) throws SyncException {
                if (page.rows().stream().anyMatch(row -> number(row) < number)) {
                    throw new SyncException(failure, "refused");
                }
                page.rows().forEach(row -> taken.add(row.key()));
            }

            @Override
            public void rest() {}
        };
    }

    private static int number(SyncRow row) {
        return Integer.parseInt(row.key().substring("row_".length()));
    }

    @Test
    void beginsAnewWithARowThatChanged() {
        Delivery delivery =
                new Delivery(control -> refusing("row_13", SyncFailure.REFUSED), null, DEADLINE);
        for (int i = 0; i < Suspects.REFUSALS + Suspects.ALONE - 1; i++) {
            assertThat(deliver(delivery, rows(0, 20)).refused()).isEmpty();
        }

        Outcome outcome = deliver(delivery, List.of(TestingRow.of("row_13", 2)));

        assertThat(outcome.refused()).isEmpty();
    }

    private static List<SyncRow> rows(int from, int to) {
        return IntStream.range(from, to).mapToObj(i -> TestingRow.of("row_" + i, 1)).toList();
    }

    private static Outcome deliver(Delivery delivery, List<SyncRow> rows) {
        return delivery.deliver(
                CONTROL, null, new SyncPage(TestingService.table("s", "t"), rows, Instant.EPOCH));
    }

    private Outcome deliver(SyncFailure failure, int rows) {
        Delivery delivery = new Delivery(control -> refusing("row_13", failure), null, DEADLINE);
        return deliver(delivery, rows(0, rows));
    }

    private SyncTarget refusing(String key, SyncFailure failure) {
        return refusing(() -> key, failure);
    }

    private SyncTarget refusing(Supplier<String> refused, SyncFailure failure) {
        return new SyncTarget() {
            @Override
            public void deliver(SyncPage page) throws SyncException {
                asked++;
                String key = refused.get();
                boolean all = key.endsWith("_");
                if (all || page.rows().stream().anyMatch(row -> row.key().equals(key))) {
                    throw new SyncException(failure, "refused");
                }
                page.rows().forEach(row -> taken.add(row.key()));
            }

            @Override
            public void rest() {
                taken.add("rest");
            }
        };
    }
}

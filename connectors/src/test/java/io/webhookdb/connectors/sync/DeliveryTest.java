package io.webhookdb.connectors.sync;

import static org.assertj.core.api.Assertions.assertThat;

import io.webhookdb.connectors.sync.Delivery.Outcome;
import io.webhookdb.schemas.control.ControlRecord.State;
import io.webhookdb.schemas.control.SyncTargetControl;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

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

    private final List<String> taken = new ArrayList<>();

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

    private Outcome deliver(SyncFailure failure, int rows) {
        Delivery delivery = new Delivery(control -> refusing("row_13", failure), null);
        List<SyncRow> page =
                IntStream.range(0, rows).mapToObj(i -> TestingRow.of("row_" + i, 1)).toList();
        return delivery.deliver(
                CONTROL, null, new SyncPage(TestingService.table("s", "t"), page, Instant.EPOCH));
    }

    private SyncTarget refusing(String key, SyncFailure failure) {
        return new SyncTarget() {
            @Override
            public void deliver(SyncPage page) throws SyncException {
                if (page.rows().stream().anyMatch(row -> row.key().equals(key))) {
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

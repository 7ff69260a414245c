package io.webhookdb.jobs.delivery;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.webhookdb.schemas.change.RowChange;
import io.webhookdb.schemas.change.RowChangeCodec;
import io.webhookdb.schemas.control.ControlRecord.State;
import io.webhookdb.schemas.control.SubscriptionControl;
import io.webhookdb.schemas.control.SubscriptionControl.Delivery;
import io.webhookdb.schemas.control.SubscriptionControl.Ordering;
import java.util.List;
import org.junit.jupiter.api.Test;

final class SubscriptionIndexTest {
    private final SubscriptionIndex index = new SubscriptionIndex();

    private void subscribe(String id, long organization, String integration, State state) {
        index.apply(
                new SubscriptionControl(
                        id,
                        organization,
                        1,
                        state,
                        integration,
                        "https://acme.example/",
                        null,
                        Delivery.SEND,
                        Ordering.PARALLEL,
                        0));
    }

    private List<String> interested(long organization, String integration) {
        RowChange change =
                RowChangeCodec.decode(
                        ("{\"organization\":"
                                        + organization
                                        + ",\"integration\":\""
                                        + integration
                                        + "\"}")
                                .getBytes(UTF_8));
        return index.of(change).stream().map(SubscriptionControl::id).toList();
    }

    @Test
    void findsThoseOfTheIntegrationAndOfTheOrganization() {
        subscribe("one", 5, "svi_1", State.ACTIVE);
        subscribe("all", 5, null, State.ACTIVE);
        subscribe("other", 5, "svi_2", State.ACTIVE);

        assertThat(interested(5, "svi_1")).containsExactly("one", "all");
    }

    @Test
    void tellsNoOrganizationOfAnothersChange() {
        subscribe("one", 6, "svi_1", State.ACTIVE);
        subscribe("all", 6, null, State.ACTIVE);

        assertThat(interested(5, "svi_1")).isEmpty();
    }

    @Test
    void forgetsWhatIsDeletedOrMoved() {
        subscribe("one", 5, "svi_1", State.ACTIVE);
        subscribe("two", 5, "svi_1", State.ACTIVE);

        subscribe("one", 5, "svi_1", State.DELETED);
        subscribe("two", 5, "svi_2", State.ACTIVE);

        assertThat(interested(5, "svi_1")).isEmpty();
        assertThat(interested(5, "svi_2")).containsExactly("two");
    }
}

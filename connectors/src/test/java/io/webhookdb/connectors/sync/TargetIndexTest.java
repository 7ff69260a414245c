package io.webhookdb.connectors.sync;

import static org.assertj.core.api.Assertions.assertThat;

import io.webhookdb.schemas.control.ControlRecord.State;
import io.webhookdb.schemas.control.IntegrationControl;
import io.webhookdb.schemas.control.SyncTargetControl;
import org.junit.jupiter.api.Test;

class TargetIndexTest {
    private final TargetIndex index = new TargetIndex();

    @Test
    void routesAnIntegrationToEveryTargetItHas() {
        assertThat(index.apply(target("syt_1", 1, "svi_1", State.ACTIVE))).containsExactly("syt_1");
        assertThat(index.apply(target("syt_2", 1, "svi_1", State.ACTIVE))).containsExactly("syt_2");
        assertThat(index.targets("svi_1")).containsExactly("syt_1", "syt_2");
        assertThat(index.apply(target("syt_1", 2, "svi_1", State.ACTIVE))).isEmpty();

        assertThat(index.apply(target("syt_1", 3, "svi_1", State.DELETED))).isEmpty();
        assertThat(index.targets("svi_1")).containsExactly("syt_2");
    }

    @Test
    void routesEveryIntegrationOfItsOrganizationToATargetThatTakesThemAll() {
        index.apply(integration("svi_1", 1, State.ACTIVE));
        index.apply(integration("svi_other", 2, State.ACTIVE));
        assertThat(index.apply(target("syt_all", 1, null, State.ACTIVE)))
                .containsExactly("syt_all@svi_1");
        assertThat(index.apply(integration("svi_2", 1, State.ACTIVE)))
                .containsExactly("syt_all@svi_2");
        assertThat(index.apply(integration("svi_2", 1, State.ACTIVE))).isEmpty();
        assertThat(index.targets("svi_2")).containsExactly("syt_all@svi_2");
        assertThat(index.targets("svi_other")).isEmpty();

        index.apply(integration("svi_1", 1, State.DELETED));
        assertThat(index.targets("svi_1")).isEmpty();
        index.apply(target("syt_all", 2, null, State.DELETED));
        assertThat(index.targets("svi_2")).isEmpty();
        assertThat(index.apply(integration("svi_3", 1, State.ACTIVE))).isEmpty();
    }

    @Test
    void findsTheSameRoutesInWhateverOrderRecordsCome() {
        index.apply(target("syt_all", 1, null, State.ACTIVE));
        index.apply(target("syt_one", 1, "svi_1", State.ACTIVE));
        assertThat(index.apply(integration("svi_1", 1, State.ACTIVE)))
                .containsExactly("syt_all@svi_1");
        assertThat(index.targets("svi_1")).containsExactly("syt_all@svi_1", "syt_one");
    }

    @Test
    void announcesLanesAnewWhenTheirNumberChanges() {
        SyncTargetControl one = target("syt_1", 1, "svi_1", State.ACTIVE);
        index.apply(one);
        SyncTargetControl four =
                one.wanting(one.settings().shared(one.settings().lanes().of(4)));
        assertThat(index.apply(four)).containsExactly("syt_1*4.1");
        assertThat(index.targets("svi_1")).containsExactly("syt_1*4.1");
        assertThat(index.apply(four.wanting(four.settings().again()))).isEmpty();
        SyncTargetControl back =
                four.wanting(four.settings().shared(four.settings().lanes().of(1)));
        assertThat(index.apply(back)).containsExactly("syt_1*1.2");
        assertThat(index.targets("svi_1")).containsExactly("syt_1*1.2");
        assertThat(LaneTarget.parse("syt_1@svi_2*4.1").text()).isEqualTo("syt_1@svi_2*4.1");
        assertThat(LaneTarget.count("syt_1@svi_2*4.1", 1)).isEqualTo(4);
    }

    private static SyncTargetControl target(
            String id, long revision, String integration, State state) {
        return new SyncTargetControl(
                id,
                1,
                revision,
                state,
                integration,
                SyncTargetControl.Kind.HTTP,
                "sealed",
                "",
                "",
                100,
                1,
                0);
    }

    private static IntegrationControl integration(String id, long organization, State state) {
        return new IntegrationControl(
                id,
                organization,
                1,
                state,
                "acme_order_v1",
                "hash",
                "orders",
                null,
                IntegrationControl.VerificationMode.SKIP,
                1);
    }
}

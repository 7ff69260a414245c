package io.webhookdb.schemas.control;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.webhookdb.schemas.change.ChangeFilter;
import io.webhookdb.schemas.change.ColumnCondition;
import io.webhookdb.schemas.change.RowChange;
import io.webhookdb.schemas.change.RowForm;
import io.webhookdb.schemas.control.ControlRecord.State;
import io.webhookdb.schemas.control.ReplayControl.Requests;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class ControlCodecTest {
    static Stream<ControlRecord> records() {
        return Stream.of(
                new SubscriptionControl(
                        "wsb_1",
                        7,
                        1,
                        State.ACTIVE,
                        null,
                        "https://example.org/",
                        "c2VhbGVk",
                        SubscriptionControl.Delivery.SEND,
                        SubscriptionControl.Ordering.PARALLEL,
                        0),
                new SubscriptionControl(
                        "wsb_2",
                        7,
                        2,
                        State.ACTIVE,
                        "svi_1",
                        "https://example.org/",
                        "c2VhbGVk",
                        SubscriptionControl.Delivery.PAUSE,
                        SubscriptionControl.Ordering.ORDERED,
                        4,
                        new SubscriptionSettings(
                                new ChangeFilter(
                                        Set.of(RowChange.Op.INSERT),
                                        List.of("total"),
                                        List.of(ColumnCondition.parse("status in [\"a\",1]"))),
                                RowForm.TEXT,
                                10,
                                3,
                                5,
                                new SubscriptionSettings.FormerSecret(
                                        "b2xk", "2026-01-01T00:00:00Z"),
                                new SubscriptionSettings.SigningKey("c2s=", "whpk_cGs="),
                                "https://functions.example.org/")),
                new RecoveryControl("rcv_1", 7, 1, State.ACTIVE, "wsb_1", null, 1, 2),
                new SyncTargetControl(
                        "syt_1",
                        7,
                        2,
                        State.DELETED,
                        "svi_1",
                        SyncTargetControl.Kind.POSTGRES,
                        null,
                        "",
                        "",
                        200,
                        600,
                        3),
                new SyncTargetControl(
                        "syt_2",
                        7,
                        2,
                        State.ACTIVE,
                        null,
                        SyncTargetControl.Kind.KAFKA,
                        "c2VhbGVk",
                        "",
                        "",
                        200,
                        600,
                        3,
                        new SyncTargetSettings(
                                SyncTargetSettings.Sending.PAUSED,
                                4,
                                new SyncColumns(
                                        List.of("total"),
                                        List.of("email"),
                                        List.of("customer"),
                                        SyncColumns.Data.KEPT,
                                        "a2V5"),
                                SyncTargetSettings.Deletes.REMOVED,
                                new SyncTargetSettings.Lanes(4, 2))),
                new ErrorHandlerControl("oeh_1", 7, 1, State.ACTIVE, "c2VhbGVk"),
                new BackfillControl(
                        "bfj_1",
                        7,
                        1,
                        State.ACTIVE,
                        "svi_1",
                        BackfillControl.Extent.FULL,
                        BackfillControl.Children.INCLUDED,
                        JsonNodeFactory.instance.objectNode().put("a", 1)),
                new ReplayControl(
                        "rpl_1", 7, 1, State.ACTIVE, null, 1, 2, Requests.REJECTED, null));
    }

    @ParameterizedTest
    @MethodSource("records")
    void readsWhatItWrote(ControlRecord record) {
        assertThat(ControlCodec.decode(ControlCodec.encode(record))).isEqualTo(record);
    }

    @ParameterizedTest
    @MethodSource("records")
    void namesEveryPropertyOnce(ControlRecord record) throws Exception {
        com.fasterxml.jackson.databind.json.JsonMapper strict =
                com.fasterxml.jackson.databind.json.JsonMapper.builder()
                        .enable(
                                com.fasterxml.jackson.core.JsonParser.Feature
                                        .STRICT_DUPLICATE_DETECTION)
                        .build();
        assertThat(strict.readTree(ControlCodec.encode(record)).path("kind").asText())
                .isEqualTo(record.key().substring(0, record.key().indexOf('/')));
    }
}

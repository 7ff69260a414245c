package io.webhookdb.schemas.control;

import static org.assertj.core.api.Assertions.assertThat;

import io.webhookdb.schemas.control.SyncColumns.Data;
import io.webhookdb.schemas.control.SyncTargetSettings.Deletes;
import io.webhookdb.schemas.control.SyncTargetSettings.Sending;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class SyncTargetSettingsTest {
    /** Targets of earlier releases have state under that name: another would send all rows anew. */
    @Test
    void haveNoShapeOfTheirOwnWhereNothingIsAsked() {
        assertThat(SyncTargetSettings.STANDARD.shape()).isEmpty();
        assertThat(SyncTargetSettings.STANDARD.sending(Sending.PAUSED).shape()).isEmpty();
        assertThat(hashing("old").shape()).isEqualTo(hashing("re-encrypted").shape());
    }

    @Test
    void changeTheirShapeWithWhateverRowsLookLike() {
        assertThat(
                        Stream.of(
                                        SyncTargetSettings.STANDARD,
                                        SyncTargetSettings.STANDARD.again(),
                                        SyncTargetSettings.STANDARD.again().again(),
                                        SyncTargetSettings.STANDARD.deleting(Deletes.REMOVED),
                                        hashing("key"),
                                        showing(List.of("a"), List.of(), null),
                                        showing(List.of(), List.of("a"), null),
                                        showing(List.of(), List.of("a"), Data.KEPT),
                                        showing(List.of(), List.of(), Data.DROPPED))
                                .map(SyncTargetSettings::shape))
                .doesNotHaveDuplicates();
    }

    private static SyncTargetSettings hashing(String key) {
        return SyncTargetSettings.STANDARD.showing(
                new SyncColumns(null, null, List.of("a"), null, key));
    }

    private static SyncTargetSettings showing(List<String> only, List<String> dropped, Data data) {
        return SyncTargetSettings.STANDARD.showing(
                new SyncColumns(only, dropped, null, data, null));
    }
}

package io.webhookdb.connectors.replica;

import static io.webhookdb.connectors.replica.TestingRows.delete;
import static io.webhookdb.connectors.replica.TestingRows.deleteByKey;
import static io.webhookdb.connectors.replica.TestingRows.sourced;
import static io.webhookdb.connectors.replica.TestingRows.upsert;
import static org.assertj.core.api.Assertions.assertThat;

import io.webhookdb.schemas.catalog.Column.Keep;
import io.webhookdb.schemas.catalog.ColumnType;
import io.webhookdb.schemas.row.RowUpdate;
import io.webhookdb.schemas.row.RowUpdate.Operation;
import org.junit.jupiter.api.Test;

class RowMergeTest {
    private final RowMerge merge = merge(Keep.LATEST);
    private final SourcedRow older = sourced(upsert("a", 1, 1, "older"));
    private final SourcedRow newer = sourced(upsert("a", 1, 2, "newer"));

    @Test
    void keepsTheNewerVersionInEitherOrder() {
        assertThat(merge.newest(older, newer)).isSameAs(newer);
        assertThat(merge.newest(newer, older)).isSameAs(newer);
    }

    @Test
    void keepsTheLaterOfEqualVersions() {
        SourcedRow again = sourced(upsert("a", 1, 2, "again"));
        assertThat(merge.newest(newer, again)).isSameAs(again);
    }

    @Test
    void givesADeleteByKeyTheStateItBuries() {
        for (RowUpdate merged :
                new RowUpdate[] {
                    merge.newest(newer, sourced(deleteByKey("a", 2, 3))).update(),
                    merge.newest(sourced(deleteByKey("a", 2, 3)), newer).update()
                }) {
            assertThat(merged.operation()).isEqualTo(Operation.DELETE);
            assertThat(merged.version()).isEqualTo(deleteByKey("a", 2, 3).version());
            assertThat(merged.cells()[0]).isEqualTo("newer");
            assertThat(merged.data()).isEqualTo(newer.update().data());
            assertThat(merged.contentHash()).isEqualTo(newer.update().contentHash());
        }
    }

    @Test
    void leavesADeleteWithItsFinalObjectAsItIs() {
        SourcedRow dead = sourced(delete("a", 2, 3, "final"));
        assertThat(merge.newest(newer, dead)).isSameAs(dead);
    }

    @Test
    void keepsTheFirstValueOfAColumnThatSaysSoInEitherOrder() {
        RowMerge keeping = merge(Keep.FIRST);
        assertThat(keeping.newest(older, newer).update().cells()[0]).isEqualTo("older");
        SourcedRow merged = keeping.newest(newer, older);
        assertThat(merged.update().cells()[0]).isEqualTo("older");
        assertThat(merged.update().version()).isEqualTo(newer.update().version());
        assertThat(merged.update().data()).isEqualTo(newer.update().data());
    }

    @Test
    void keepsTheKnownValueOfAColumnThatSaysSo() {
        SourcedRow without = sourced(upsert("a", 2, 3, null));
        assertThat(merge(Keep.KNOWN).newest(newer, without).update().cells()[0]).isEqualTo("newer");
        assertThat(merge.newest(newer, without).update().cells()[0]).isNull();
    }

    @Test
    void buriesARowWhoseDefinitionIsNotAtHand() {
        SourcedRow merged =
                new RowMerge(hash -> null).newest(newer, sourced(deleteByKey("a", 2, 3)));
        assertThat(merged.update().cells()[0]).isEqualTo("newer");
    }

    private static RowMerge merge(Keep keep) {
        return new RowMerge(hash -> TestingRows.service(ColumnType.TEXT, keep));
    }
}

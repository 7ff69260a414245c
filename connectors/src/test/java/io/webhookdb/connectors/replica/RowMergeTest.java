package io.webhookdb.connectors.replica;

import static io.webhookdb.connectors.replica.TestingRows.delete;
import static io.webhookdb.connectors.replica.TestingRows.deleteByKey;
import static io.webhookdb.connectors.replica.TestingRows.sourced;
import static io.webhookdb.connectors.replica.TestingRows.upsert;
import static org.assertj.core.api.Assertions.assertThat;

import io.webhookdb.schemas.row.RowUpdate;
import io.webhookdb.schemas.row.RowUpdate.Operation;
import org.junit.jupiter.api.Test;

class RowMergeTest {
    private final SourcedRow older = sourced(upsert("a", 1, 1, "older"));
    private final SourcedRow newer = sourced(upsert("a", 1, 2, "newer"));

    @Test
    void keepsTheNewerVersionInEitherOrder() {
        assertThat(RowMerge.newest(older, newer)).isSameAs(newer);
        assertThat(RowMerge.newest(newer, older)).isSameAs(newer);
    }

    @Test
    void keepsTheLaterOfEqualVersions() {
        SourcedRow again = sourced(upsert("a", 1, 2, "again"));
        assertThat(RowMerge.newest(newer, again)).isSameAs(again);
    }

    @Test
    void givesADeleteByKeyTheStateItBuries() {
        for (RowUpdate merged :
                new RowUpdate[] {
                    RowMerge.newest(newer, sourced(deleteByKey("a", 2, 3))).update(),
                    RowMerge.newest(sourced(deleteByKey("a", 2, 3)), newer).update()
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
        assertThat(RowMerge.newest(newer, dead)).isSameAs(dead);
    }
}

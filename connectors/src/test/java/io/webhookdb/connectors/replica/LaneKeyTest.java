package io.webhookdb.connectors.replica;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

class LaneKeyTest {
    @Test
    void readsItsOwnText() {
        LaneKey key = new LaneKey(42, "svi_a/b", 3);
        assertThat(LaneKey.of(key.text())).isEqualTo(key);
    }

    /** State is found under these keys: were they to change, it would be lost. */
    @Test
    void neverChangesTheShardOfAKey() {
        assertThat(LaneKey.text(TestingRows.upsert("cus_1", 1, 1, "n"), 4))
                .isEqualTo("7/svi_rows/1");
        assertThat(LaneKey.text(TestingRows.upsert("ab", 1, 1, "n"), 4)).isEqualTo("7/svi_rows/3");
    }

    @Test
    void spreadsKeysThatCountUpEvenly() {
        Map<String, Integer> rows = new HashMap<>();
        for (int i = 0; i < 10_000; i++) {
            rows.merge(LaneKey.text(TestingRows.upsert("cus_" + i, 1, 1, "n"), 4), 1, Integer::sum);
        }
        assertThat(rows).hasSize(4);
        assertThat(rows.values()).allMatch(count -> count > 2000 && count < 3000);
    }
}

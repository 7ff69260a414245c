package io.webhookdb.connectors.sync;

import static org.assertj.core.api.Assertions.assertThat;

import io.webhookdb.connectors.sync.LaneProgress.Queue;
import io.webhookdb.connectors.sync.PendingChanges.Memory;
import io.webhookdb.connectors.sync.PendingChanges.Page;
import java.util.List;
import org.junit.jupiter.api.Test;

class PendingChangesTest {
    private final TestingStore store = new TestingStore();
    private final PendingChanges pending = new PendingChanges(store);
    private Queue queue = new Queue(0, 0, 0);

    @Test
    void keepsTheNewestVersionOfARowAtItsFirstPlace() throws Exception {
        add(Memory.NONE, TestingRow.of("a", 1), TestingRow.of("b", 1));
        add(Memory.NONE, TestingRow.of("a", 3), TestingRow.of("a", 2));

        assertThat(versions(page(10))).containsExactly("a3", "b1");
        assertThat(queue.rows()).isEqualTo(2);
    }

    @Test
    void cutsPagesByRowsAndByWeight() throws Exception {
        add(Memory.NONE, TestingRow.of("a", 1), TestingRow.of("b", 1), TestingRow.of("c", 1));

        assertThat(versions(page(2))).containsExactly("a1", "b1");
        long one = TestingRow.of("a", 1).weight();
        assertThat(pending.page(queue, 100, 10, 2 * one).rows()).hasSize(2);
        assertThat(pending.page(queue, 100, 10, 1).rows()).hasSize(1);
    }

    @Test
    void leavesWhatCameAfterTheStartOfTheSyncToTheNext() throws Exception {
        add(Memory.NONE, TestingRow.of("a", 1));
        long end = queue.tail();
        add(Memory.NONE, TestingRow.of("b", 1), TestingRow.of("a", 2));

        assertThat(versions(pending.page(queue, end, 10, 1 << 20))).containsExactly("a2");
    }

    @Test
    void settlesOnlyTheVersionThatWasAcknowledged() throws Exception {
        add(Memory.NONE, TestingRow.of("a", 1), TestingRow.of("b", 1));
        List<SyncRow> sent = page(10).rows();
        add(Memory.NONE, TestingRow.of("a", 2));
        long end = queue.tail();
        queue = pending.settle(queue, sent, Memory.NONE);

        assertThat(queue.rows()).isEqualTo(1);
        assertThat(versions(page(10))).containsExactly("a2");
        assertThat(pending.page(queue, end, 10, 1 << 20).rows())
                .as("a row that changes all the time does not make a sync endless")
                .isEmpty();
    }

    @Test
    void leavesNothingBehindOfSettledRows() throws Exception {
        add(Memory.NONE, TestingRow.of("a", 1), TestingRow.of("b", 1));
        queue = pending.settle(queue, page(10).rows(), Memory.NONE);
        queue = page(10).queue();

        assertThat(store.rows).isEmpty();
        assertThat(store.order).isEmpty();
        assertThat(store.acknowledged).isEmpty();
        assertThat(queue).isEqualTo(new Queue(2, 2, 0));
    }

    @Test
    void dropsAStalePageOfExistingRows() throws Exception {
        add(Memory.KEEPS, TestingRow.of("a", 5), TestingRow.deleted("gone", 5));
        queue = pending.settle(queue, page(10).rows(), Memory.KEEPS);
        add(Memory.KEEPS, TestingRow.of("a", 4), TestingRow.of("gone", 4), TestingRow.of("a", 5));
        assertThat(page(10).rows()).isEmpty();

        add(Memory.KEEPS, TestingRow.of("gone", 6));
        assertThat(versions(page(10))).containsExactly("gone6");
    }

    @Test
    void settlesARowThatWasClearedMeanwhileWithoutHarm() throws Exception {
        queue = pending.settle(queue, List.of(TestingRow.of("a", 1)), Memory.NONE);

        assertThat(queue).isEqualTo(new Queue(0, 0, 0));
    }

    private void add(Memory memory, SyncRow... rows) throws Exception {
        for (SyncRow row : rows) {
            queue = pending.add(queue, row, memory);
        }
    }

    private Page page(int rows) throws Exception {
        return pending.page(queue, Long.MAX_VALUE, rows, 1 << 20);
    }

    private static List<String> versions(Page page) {
        return page.rows().stream()
                .map(row -> row.key() + row.parsedVersion().timeMicros() / 1_000_000)
                .toList();
    }
}

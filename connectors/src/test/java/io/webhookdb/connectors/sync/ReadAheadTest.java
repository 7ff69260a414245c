package io.webhookdb.connectors.sync;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ReadAheadTest {
    private static final long UNLIMITED = Long.MAX_VALUE;

    private final ReadAhead ahead = new ReadAhead();
    private final TestingStore store = new TestingStore();
    private final PendingChanges pending = new PendingChanges(store);

    @Test
    void movesTheCursorOnlyOverWhatTheTargetHas() throws Exception {
        ahead.add(read(0, 5, 50, false));
        assertThat(ahead.cursor(7)).isEqualTo(50);
        ReadAhead.Taken page = ahead.take(3, UNLIMITED, row -> true);
        assertThat(page.rows()).extracting(SyncRow::key).containsExactly("row_0", "row_1", "row_2");
        assertThat(ahead.finish()).isNull();
        ahead.settle(page);
        assertThat(ahead.finish()).isNull();
        page = ahead.take(3, UNLIMITED, row -> true);
        assertThat(ahead.finish()).as("under way").isNull();
        ahead.settle(page);
        assertThat(ahead.finish()).isEqualTo(new ReadAhead.Done(5, 50, false));
        assertThat(ahead.isEmpty()).isTrue();
        assertThat(ahead.cursor(7)).isEqualTo(7);
    }

    @Test
    void letsAPageFollowBeforeTheOneAheadIsSettled() throws Exception {
        ahead.add(read(0, 3, 30, false));
        ahead.add(read(3, 2, 50, true));
        ReadAhead.Taken first = ahead.take(9, UNLIMITED, row -> true);
        ReadAhead.Taken second = ahead.take(9, UNLIMITED, row -> true);
        assertThat(first.rows()).hasSize(3);
        assertThat(second.rows()).extracting(SyncRow::key).containsExactly("row_3", "row_4");
        assertThat(ahead.rows()).isZero();
        assertThat(ahead.finish()).as("both under way").isNull();
        ahead.settle(first);
        assertThat(ahead.finish()).isEqualTo(new ReadAhead.Done(3, 30, false));
        assertThat(ahead.finish()).as("the second is under way").isNull();
        ahead.settle(second);
        assertThat(ahead.finish()).isEqualTo(new ReadAhead.Done(2, 50, true));
    }

    @Test
    void finishesAnEmptyTableAndAChunkNobodyWants() throws Exception {
        ahead.add(read(0, 2, 20, false));
        ahead.add(read(2, 0, 20, true));
        assertThat(ahead.hasAll()).isTrue();
        assertThat(ahead.take(9, UNLIMITED, row -> false).rows()).isEmpty();
        assertThat(ahead.finish()).isEqualTo(new ReadAhead.Done(2, 20, false));
        assertThat(ahead.finish()).isEqualTo(new ReadAhead.Done(0, 20, true));
        assertThat(ahead.finish()).isNull();
    }

    @Test
    void cutsPagesByWeight() throws Exception {
        ahead.add(read(0, 3, 30, true));
        long weight = TestingRow.of("row_0", 1).weight();
        assertThat(ahead.take(3, weight * 2, row -> true).rows()).hasSize(2);
    }

    @Test
    void leavesARowToTheChangeOfItThatWaits() throws Exception {
        var queue = new LaneProgress.Queue(0, 0, 0);
        queue = pending.add(queue, TestingRow.of("old", 1), PendingChanges.Memory.KEEPS);
        queue = pending.add(queue, TestingRow.of("new", 9), PendingChanges.Memory.KEEPS);
        assertThat(pending.wantsExisting(queue, TestingRow.of("old", 5))).isFalse();
        assertThat(pending.wantsExisting(queue, TestingRow.of("new", 5))).isFalse();
        assertThat(pending.wantsExisting(queue, TestingRow.of("other", 5))).isTrue();
        List<SyncRow> page = pending.page(queue, 99, 9, UNLIMITED).rows();
        assertThat(page)
                .extracting(SyncRow::version)
                .containsExactly(
                        TestingRow.of("old", 5).version(), TestingRow.of("new", 9).version());
    }

    @Test
    void sendsNoRowAfterAChangeThatCameWhileItWasRead() throws Exception {
        ahead.ask();
        assertThat(ahead.overtake(List.of(TestingRow.of("row_0", 9), TestingRow.of("row_1", 1))))
                .isFalse();
        ahead.add(read(0, 3, 30, false));
        ahead.overtake(List.of(TestingRow.deleted("row_2", 1)));
        assertThat(ahead.take(9, UNLIMITED, row -> true).rows()).isEmpty();
        assertThat(ahead.finish()).isNotNull();

        ahead.ask();
        ahead.overtake(List.of(TestingRow.of("row_1", 9)));
        ahead.add(read(0, 3, 60, false));
        assertThat(ahead.take(9, UNLIMITED, row -> true).rows())
                .as("a row that was asked for after its change is newer")
                .extracting(SyncRow::key)
                .containsExactly("row_0", "row_2");
    }

    @Test
    void remembersChangesOnlyAsLongAsOlderRowsAreAtHand() throws Exception {
        List<SyncRow> many =
                IntStream.rangeClosed(0, SettledMeanwhile.MOST)
                        .mapToObj(i -> TestingRow.of("row_" + i, 1))
                        .toList();
        assertThat(ahead.overtake(many)).as("nothing was asked for").isFalse();
        ahead.ask();
        ahead.askedInVain();
        assertThat(ahead.overtake(many)).as("nothing came").isFalse();
        ahead.ask();
        assertThat(ahead.overtake(many)).as("too much to remember").isTrue();
    }

    @Test
    void takesNoTargetBackToAnOlderChangeThatCameWhileTheRowWasUnderWay() throws Exception {
        var queue = new LaneProgress.Queue(0, 0, 0);
        SyncRow existing = TestingRow.of("a", 5);
        assertThat(pending.wantsExisting(queue, existing)).isTrue();
        queue = pending.add(queue, TestingRow.of("a", 3), PendingChanges.Memory.KEEPS);
        pending.existingIsThere(queue, existing);
        assertThat(pending.page(queue, 99, 9, UNLIMITED).rows()).containsExactly(existing);
        queue = pending.add(queue, TestingRow.of("b", 3), PendingChanges.Memory.KEEPS);
        pending.existingIsThere(queue, TestingRow.of("c", 4));
        assertThat(pending.add(queue, TestingRow.of("c", 3), PendingChanges.Memory.KEEPS).rows())
                .isEqualTo(queue.rows());
    }

    private static ReplicaPages.Read read(int from, int count, long lastPk, boolean isLast) {
        return new ReplicaPages.Read(
                IntStream.range(from, from + count)
                        .mapToObj(i -> TestingRow.of("row_" + i, 1))
                        .toList(),
                lastPk,
                isLast);
    }
}

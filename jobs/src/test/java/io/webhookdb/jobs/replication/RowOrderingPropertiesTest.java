package io.webhookdb.jobs.replication;

import static io.webhookdb.jobs.replication.TestingUpdates.at;
import static org.assertj.core.api.Assertions.assertThat;

import io.webhookdb.connectors.replica.SourcedRow;
import io.webhookdb.jobs.replication.RowOrdering.Decision;
import io.webhookdb.jobs.replication.RowOrdering.Recall;
import io.webhookdb.jobs.replication.RowOrdering.Write;
import io.webhookdb.schemas.event.Origin;
import io.webhookdb.schemas.row.RowUpdate;
import io.webhookdb.schemas.row.Version;
import io.webhookdb.schemas.row.Version.Rank;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;
import org.junit.jupiter.api.Test;

/** Whatever the order of processing, a row ends at the newest state. */
class RowOrderingPropertiesTest {
    /** The table: keeps a state unless it holds a newer one, as the statement does. */
    private static final class Table {
        private Version version;
        private String content;

        void write(RowUpdate update) {
            if (version == null || version.compareTo(update.version()) <= 0) {
                version = update.version();
                content = new String(update.data(), StandardCharsets.UTF_8);
            }
        }
    }

    /** What the job remembers of the row; may be emptied as by its time to live. */
    private static final class Memory {
        private final Map<LogPlace, TestingUpdates> log = new HashMap<>();
        private final List<LogPlace> recalled = new ArrayList<>();
        private RowMemory row;

        Optional<RowUpdate> process(TestingUpdates update) {
            log.put(update.place(), update);
            return process(update.row(Origin.WEBHOOK));
        }

        private Optional<RowUpdate> process(SourcedRow sourced) {
            Decision decision = RowOrdering.decide(row, sourced);
            row = decision.memory();
            if (decision instanceof Recall recall) {
                recalled.add(recall.place());
                decision = recall.decision();
            }
            return decision instanceof Write write ? Optional.of(write.update()) : Optional.empty();
        }

        /** Processes what was recalled, once more. */
        void recall(Consumer<RowUpdate> written) {
            while (!recalled.isEmpty()) {
                TestingUpdates update = log.get(recalled.remove(0));
                process(update.row(Origin.REPLAY)).ifPresent(written);
            }
        }

        void empty() {
            row = null;
        }
    }

    @Property(tries = 5000)
    void endsAtTheNewestStateInAnyOrderWithAnyRepetitions(
            @ForAll("arrivals") List<TestingUpdates> arrivals, @ForAll Random random) {
        List<TestingUpdates> order = shuffled(arrivals, random);
        for (int i = random.nextInt(6); i > 0; i--) {
            order.add(
                    random.nextInt(order.size() + 1),
                    arrivals.get(random.nextInt(arrivals.size())));
        }
        assertThat(processed(order, random::nextBoolean).content).isEqualTo(newest(arrivals));
    }

    /** All there is: every four events, every order, every one of them once more anywhere. */
    @Test
    void endsAtTheNewestStateOfUpToFourEventsInEveryOrderWithEveryRepetition() {
        List<TestingUpdates> kinds = new ArrayList<>();
        for (String content : List.of("A", "B", "C")) {
            kinds.add(at(1).content(content));
            kinds.add(at(1).rank(Rank.POLL).content(content));
        }
        kinds.add(at(1).rank(Rank.DELETE).content("A"));
        long[] tried = {0};
        for (int count = 1; count <= 4; count++) {
            forEachChoice(
                    kinds,
                    count,
                    arrivals -> {
                        String expected = newest(arrivals);
                        forEachOrder(
                                new ArrayList<>(arrivals),
                                0,
                                order -> {
                                    tried[0]++;
                                    check(order, expected);
                                });
                    });
        }
        assertThat(tried[0]).isEqualTo(7 + 49 * 2 + 343 * 6 + 2401 * 24);
    }

    private static void check(List<TestingUpdates> order, String expected) {
        verify(order, expected);
        for (int from = 0; from < order.size(); from++) {
            for (int at = from + 1; at <= order.size(); at++) {
                List<TestingUpdates> repeated = new ArrayList<>(order);
                repeated.add(at, order.get(from));
                verify(repeated, expected);
            }
        }
    }

    private static void verify(List<TestingUpdates> order, String expected) {
        for (boolean atOnce : new boolean[] {true, false}) {
            String content = processed(order, () -> atOnce).content;
            if (!expected.equals(content)) {
                throw new AssertionError(
                        "Ended at " + content + ", not " + expected + ": " + order);
            }
        }
    }

    private static void forEachChoice(
            List<TestingUpdates> kinds, int count, Consumer<List<TestingUpdates>> each) {
        int choices = (int) Math.pow(kinds.size(), count);
        for (int choice = 0; choice < choices; choice++) {
            List<TestingUpdates> arrivals = new ArrayList<>();
            int rest = choice;
            for (int event = 1; event <= count; event++) {
                arrivals.add(kinds.get(rest % kinds.size()).event(event));
                rest /= kinds.size();
            }
            each.accept(arrivals);
        }
    }

    private static void forEachOrder(
            List<TestingUpdates> order, int fixed, Consumer<List<TestingUpdates>> each) {
        if (fixed == order.size()) {
            each.accept(order);
            return;
        }
        for (int i = fixed; i < order.size(); i++) {
            Collections.swap(order, fixed, i);
            forEachOrder(order, fixed + 1, each);
            Collections.swap(order, fixed, i);
        }
    }

    @Property(tries = 3000)
    void neverLetsTheTableStepBack(
            @ForAll("arrivals") List<TestingUpdates> arrivals, @ForAll Random random) {
        Memory memory = new Memory();
        Version last = null;
        for (TestingUpdates update : shuffled(arrivals, random)) {
            Optional<RowUpdate> write = memory.process(update);
            if (write.isPresent()) {
                Version version = write.get().version();
                assertThat(last == null || version.compareTo(last) > 0).isTrue();
                last = version;
            }
        }
    }

    /**
     * Without memory nobody knows a retry; time and rank, and the order of the rest, still hold.
     */
    @Property(tries = 5000)
    void endsAtTheNewestInstantAndRankHoweverOftenItsMemoryIsEmptied(
            @ForAll("arrivals") List<TestingUpdates> arrivals, @ForAll Random random) {
        List<TestingUpdates> order = shuffled(arrivals, random);
        Table table = processedEmptying(order, random);
        TestingUpdates newest =
                arrivals.stream()
                        .max(
                                Comparator.comparingLong(TestingUpdates::second)
                                        .thenComparing(update -> update.rank()))
                        .orElseThrow();
        assertThat(table.version.timeMicros()).isEqualTo(newest.update().version().timeMicros());
        assertThat(table.version.rank()).isEqualTo(newest.rank());
        if (arrivals.stream().map(RowOrderingPropertiesTest::identity).distinct().count()
                == arrivals.size()) {
            assertThat(table.content).isEqualTo(newest(arrivals));
        }
    }

    /** Emptied between the event that came first and everything after it. */
    @Property(tries = 2000)
    void knowsRetriesOfWhatCameAfterItsMemoryWasEmptied(
            @ForAll("arrivals") List<TestingUpdates> arrivals, @ForAll Random random) {
        Memory memory = new Memory();
        Table table = new Table();
        memory.process(at(0).content("long ago")).ifPresent(table::write);
        memory.empty();
        for (TestingUpdates update : shuffled(arrivals, random)) {
            memory.process(update).ifPresent(table::write);
        }
        memory.recall(table::write);
        assertThat(table.content).isEqualTo(newest(arrivals));
    }

    private static Table processedEmptying(List<TestingUpdates> order, Random random) {
        Table table = new Table();
        Memory memory = new Memory();
        for (TestingUpdates update : order) {
            if (random.nextInt(3) == 0) {
                memory.empty();
            }
            memory.process(update).ifPresent(table::write);
        }
        memory.recall(table::write);
        return table;
    }

    /**
     * @param recalls asked after each event whether what was recalled comes already; in the end all
     *     of it comes
     */
    private static Table processed(List<TestingUpdates> order, BooleanSupplier recalls) {
        Table table = new Table();
        Memory memory = new Memory();
        for (TestingUpdates update : order) {
            memory.process(update).ifPresent(table::write);
            if (recalls.getAsBoolean()) {
                memory.recall(table::write);
            }
        }
        memory.recall(table::write);
        return table;
    }

    /** By the rule, without memory: time, rank, then the first arrival of the content. */
    private static String newest(List<TestingUpdates> arrivals) {
        Map<String, Integer> first = new HashMap<>();
        arrivals.forEach(update -> first.merge(identity(update), update.event(), Math::min));
        return arrivals.stream()
                .max(
                        Comparator.comparingLong(TestingUpdates::second)
                                .thenComparing(update -> update.rank())
                                .thenComparing(update -> first.get(identity(update))))
                .orElseThrow()
                .content();
    }

    private static String identity(TestingUpdates update) {
        return update.second() + (update.rank() == Rank.DELETE ? "dead " : " ") + update.content();
    }

    private static List<TestingUpdates> shuffled(List<TestingUpdates> arrivals, Random random) {
        List<TestingUpdates> order = new ArrayList<>(arrivals);
        Collections.shuffle(order, random);
        return order;
    }

    /** Events in order of arrival; few seconds and contents, so that ties and retries abound. */
    @Provide
    Arbitrary<List<TestingUpdates>> arrivals() {
        Arbitrary<TestingUpdates> update =
                Combinators.combine(
                                Arbitraries.integers().between(1, 2),
                                Arbitraries.frequency(
                                        Tuple.of(8, Rank.PUSH),
                                        Tuple.of(2, Rank.POLL),
                                        Tuple.of(1, Rank.DELETE)),
                                Arbitraries.of("A", "B", "C", "D"))
                        .as(
                                (second, rank, content) ->
                                        TestingUpdates.at(second).rank(rank).content(content));
        return update.list()
                .ofMinSize(1)
                .ofMaxSize(12)
                .map(
                        list ->
                                IntStream.range(0, list.size())
                                        .mapToObj(i -> list.get(i).event(i + 1))
                                        .toList());
    }
}

package io.webhookdb.jobs.replication;

import static org.assertj.core.api.Assertions.assertThat;

import io.webhookdb.jobs.replication.RowOrdering.Decision;
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
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;

/** Whatever the order of processing, a row ends at the newest state. */
class RowOrderingPropertiesTest {
    private static final Comparator<TestingUpdates> ARRIVAL =
            Comparator.comparingInt(TestingUpdates::event);

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

    @Property(tries = 3000)
    void endsAtTheNewestStateInAnyOrderThatSeesAContentBeforeItsRetries(
            @ForAll("arrivals") List<TestingUpdates> arrivals, @ForAll Random random) {
        assertThat(processed(firstsBeforeRetries(arrivals, random)).content)
                .isEqualTo(newest(arrivals));
    }

    @Property(tries = 3000)
    void repetitionsOfAnyEventsChangeNothing(
            @ForAll("arrivals") List<TestingUpdates> arrivals, @ForAll Random random) {
        List<TestingUpdates> order = firstsBeforeRetries(arrivals, random);
        List<TestingUpdates> repeated = new ArrayList<>();
        for (TestingUpdates update : order) {
            repeated.add(update);
            repeated.add(repeated.get(random.nextInt(repeated.size())));
        }
        assertThat(processed(repeated).content).isEqualTo(newest(arrivals));
    }

    @Property(tries = 2000)
    void neverLetsTheTableStepBack(
            @ForAll("arrivals") List<TestingUpdates> arrivals, @ForAll Random random) {
        List<TestingUpdates> order = shuffled(arrivals, random);
        RowMemory memory = null;
        Version last = null;
        for (TestingUpdates update : order) {
            Decision decision = RowOrdering.decide(memory, update.update(), Origin.WEBHOOK);
            memory = decision.memory();
            if (decision instanceof Write write) {
                Version version = write.update().version();
                assertThat(last == null || version.compareTo(last) > 0).isTrue();
                last = version;
            }
        }
    }

    /** Every content is seen once more at the end, as vendors' retries and replays do. */
    @Property(tries = 2000)
    void endsAtTheNewestStateInAnyOrderAtAllOnceEverythingIsSeenAgain(
            @ForAll("arrivals") List<TestingUpdates> arrivals, @ForAll Random random) {
        List<TestingUpdates> order = shuffled(arrivals, random);
        order.addAll(shuffled(arrivals, random));
        assertThat(processed(order).content).isEqualTo(newest(arrivals));
    }

    private static Table processed(List<TestingUpdates> order) {
        Table table = new Table();
        RowMemory memory = null;
        for (TestingUpdates update : order) {
            Decision decision = RowOrdering.decide(memory, update.update(), Origin.WEBHOOK);
            memory = decision.memory();
            if (decision instanceof Write write) {
                table.write(write.update());
            }
        }
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

    /** A random order in which the first arrival of each content comes before its others. */
    private static List<TestingUpdates> firstsBeforeRetries(
            List<TestingUpdates> arrivals, Random random) {
        Map<String, TestingUpdates> firsts =
                arrivals.stream()
                        .collect(
                                Collectors.toMap(
                                        RowOrderingPropertiesTest::identity,
                                        update -> update,
                                        (a, b) -> ARRIVAL.compare(a, b) <= 0 ? a : b));
        List<TestingUpdates> order = new ArrayList<>();
        List<TestingUpdates> late = new ArrayList<>();
        Set<String> seen = new HashSet<>();
        for (TestingUpdates update : shuffled(arrivals, random)) {
            if (firsts.get(identity(update)).equals(update)) {
                order.add(update);
                seen.add(identity(update));
            } else if (seen.contains(identity(update))) {
                order.add(update);
            } else {
                late.add(update);
            }
        }
        order.addAll(late);
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

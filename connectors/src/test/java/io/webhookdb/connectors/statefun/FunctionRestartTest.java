package io.webhookdb.connectors.statefun;

import static io.webhookdb.connectors.statefun.TestingFunctions.message;
import static org.assertj.core.api.Assertions.assertThat;

import io.webhookdb.schemas.control.ControlRecord.State;
import io.webhookdb.schemas.control.OrganizationControl;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.apache.flink.streaming.util.AbstractStreamOperatorTestHarness;
import org.junit.jupiter.api.Test;

/** What a checkpoint holds, and what a restart makes of it. */
class FunctionRestartTest {
    private static final Duration MOMENT = Duration.ofSeconds(30);

    private final TestingFunctions functions = new TestingFunctions();

    @Test
    void delaysSurviveARestart() throws Exception {
        OperatorSubtaskState snapshot;
        try (TestingHost host = start()) {
            host.send(message("a1", "later t1 late"));
            host.send(message("a1", "done"));
            host.await(() -> host.sent().size() == 1);
            snapshot = host.checkpoint(1);
        }
        try (TestingHost host = restore(snapshot)) {
            host.pass(MOMENT.multipliedBy(3));
            host.await(() -> host.sent().size() == 1);
            assertThat(host.sent()).containsExactly("a1:late");
        }
    }

    @Test
    void callsAgainAfterARestartWhatWasInFlight() throws Exception {
        OperatorSubtaskState snapshot;
        try (TestingHost host = start()) {
            host.send(message("a1", "count"));
            host.await(() -> host.sent().size() == 1);
            host.send(message("a1", "hold"));
            host.send(message("a1", "next"));
            host.await(() -> functions.held.containsKey("a1"));
            snapshot = host.checkpoint(1);
            functions.held.get("a1").complete(null);
            host.await(() -> host.sent().size() == 3);
        }
        try (TestingHost host = restore(snapshot)) {
            host.await(() -> host.sent().size() == 2);
            assertThat(host.sent()).containsExactly("a1=2", "a1:next");
        }
    }

    @Test
    void keepsTheOrderOfMessagesFromBeforeAndAfterACheckpoint() throws Exception {
        OperatorSubtaskState snapshot;
        try (TestingHost host = start()) {
            host.send(message("a1", "hold"));
            host.await(() -> functions.held.containsKey("a1"));
            host.send(message("a1", "one"));
            host.checkpoint(1);
            host.send(message("a1", "two"));
            host.send(message("a2", "three"));
            snapshot = host.checkpoint(2);
            host.send(message("a1", "four"));
            functions.held.get("a1").complete(null);
            host.await(() -> host.sent().size() == 5);
            assertThat(host.sent().stream().filter(value -> value.startsWith("a1")))
                    .containsExactly("a1=1", "a1:one", "a1:two", "a1:four");
            assertThat(host.waitingInState()).isEmpty();
        }
        try (TestingHost host = restore(snapshot)) {
            host.await(() -> host.sent().size() == 4);
            assertThat(host.sent())
                    .containsExactlyInAnyOrder("a1=1", "a1:one", "a1:two", "a2:three");
        }
    }

    @Test
    void writesNothingOfWhatIsSettledBeforeACheckpoint() throws Exception {
        try (TestingHost host = start()) {
            host.send(message("a1", "hold"));
            host.await(() -> functions.held.containsKey("a1"));
            assertThat(host.waitingInState()).isEmpty();
            host.checkpoint(1);
            assertThat(host.waitingInState()).containsExactly("test/words/a1");
        }
    }

    @Test
    void callsAgainAtAnotherParallelism() throws Exception {
        OperatorSubtaskState snapshot;
        try (TestingHost host = start()) {
            for (int i = 0; i < 20; i++) {
                host.send(message("a" + i, "hold"));
            }
            snapshot = host.checkpoint(1);
        }
        List<String> sent = new ArrayList<>();
        for (int subtask = 0; subtask < 2; subtask++) {
            functions.held.clear();
            IntStream.range(0, 20)
                    .forEach(
                            i ->
                                    functions.held.put(
                                            "a" + i, CompletableFuture.completedFuture(null)));
            OperatorSubtaskState part =
                    AbstractStreamOperatorTestHarness.repartitionOperatorState(
                            snapshot, TestingHost.MAX_PARALLELISM, 1, 2, subtask);
            try (TestingHost host =
                    TestingHost.restore(
                            functions, TestingFunctions.settings(), List.of(), part, 2, subtask)) {
                host.finish();
                sent.addAll(host.sent());
            }
        }
        assertThat(sent)
                .containsExactlyInAnyOrderElementsOf(
                        IntStream.range(0, 20).mapToObj(i -> "a" + i + "=1").toList());
    }

    @Test
    void tellsTheModuleTheNewestSettings() throws Exception {
        OperatorSubtaskState snapshot;
        try (TestingHost host =
                TestingHost.restore(
                        functions,
                        TestingFunctions.settings(),
                        List.of(organization(1)),
                        null,
                        1,
                        0)) {
            assertThat(functions.control).hasSize(1);
            host.control(organization(3));
            host.control(organization(2));
            assertThat(functions.control).hasSize(2);
            snapshot = host.checkpoint(1);
        }
        functions.control.clear();
        try (TestingHost host = restore(snapshot)) {
            assertThat(functions.control).hasSize(1).allMatch(json -> json.contains("3"));
            assertThat(host.sent()).isEmpty();
        }
    }

    private static OrganizationControl organization(long revision) {
        return new OrganizationControl(
                1,
                "acme",
                revision,
                State.ACTIVE,
                new OrganizationControl.Database("h", 5432, "d", "s", "u", "c", 1));
    }

    private TestingHost start() throws Exception {
        return TestingHost.start(functions, TestingFunctions.settings());
    }

    private TestingHost restore(OperatorSubtaskState snapshot) throws Exception {
        return TestingHost.restore(
                functions, TestingFunctions.settings(), List.of(), snapshot, 1, 0);
    }
}

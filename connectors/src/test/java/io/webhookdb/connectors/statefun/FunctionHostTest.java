package io.webhookdb.connectors.statefun;

import static io.webhookdb.connectors.statefun.TestingFunctions.message;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class FunctionHostTest {
    private static final Duration MOMENT = Duration.ofSeconds(30);

    private final TestingFunctions functions = new TestingFunctions();

    @Test
    void deliversDelayedMessagesToItselfWhenDueAndInOrder() throws Exception {
        try (TestingHost host = start()) {
            host.send(message("a1", "later t1 first"));
            host.send(message("a1", "later t2 second"));
            host.send(message("a1", "now"));
            host.await(() -> host.sent().size() == 1);
            host.pass(MOMENT);
            host.tick();
            assertThat(host.sent()).containsExactly("a1:now");
            host.pass(MOMENT.multipliedBy(2));
            host.await(() -> host.sent().size() == 3);
            assertThat(host.sent()).containsExactly("a1:now", "a1:first", "a1:second");
        }
    }

    @Test
    void cancelsDelayedMessagesByToken() throws Exception {
        try (TestingHost host = start()) {
            host.send(message("a1", "later t1 first"));
            host.send(message("a1", "later t2 second"));
            host.send(message("a1", "cancel t1"));
            host.send(message("a1", "now"));
            host.await(() -> host.sent().size() == 1);
            host.pass(MOMENT.multipliedBy(3));
            host.await(() -> host.sent().size() == 2);
            assertThat(host.sent()).containsExactly("a1:now", "a1:second");
        }
    }

    @Test
    void sendsToItselfWithItselfAsCaller() throws Exception {
        try (TestingHost host = start()) {
            host.send(message("a1", "caller"));
            host.send(message("a1", "self caller"));
            host.await(() -> host.sent().size() == 2);
            assertThat(host.sent()).containsExactly("nobody", "a1");
        }
    }

    @Test
    void refusesMessagesToOthersAndStillAppliesTheRest() throws Exception {
        try (TestingHost host = start()) {
            host.send(message("a1", "foreign"));
            host.send(message("a1", "nowhere"));
            host.send(message("a1", "count"));
            host.await(() -> host.sent().size() == 1);
            assertThat(host.deadLetters())
                    .hasSize(2)
                    .anyMatch(
                            letter ->
                                    letter.contains("FUNCTION_MESSAGE_REFUSED")
                                            && letter.contains("Message to test/words/other")
                                            && letter.contains("svi_a1"))
                    .anyMatch(letter -> letter.contains("allowed are [out, beside]"));
        }
    }

    @Test
    void sendsToOtherTopicsBeside() throws Exception {
        try (TestingHost host = start()) {
            host.send(message("a1", "beside"));
            host.await(() -> host.sentBeside(TestingFunctions.TOPIC_BESIDE).size() == 1);
            assertThat(host.sent()).isEmpty();
        }
    }

    @Test
    void callsAnAddressOnceAtATimeAndInOrder() throws Exception {
        try (TestingHost host = start()) {
            host.send(message("a1", "hold"));
            host.await(() -> functions.held.containsKey("a1"));
            List<String> expected = new ArrayList<>(List.of("a1=1"));
            for (int i = 0; i < 25; i++) {
                host.send(message("a1", "m" + i));
                expected.add("a1:m" + i);
            }
            host.tick();
            assertThat(functions.begun).hasSize(1);
            functions.held.get("a1").complete(null);
            host.await(() -> host.sent().size() == 26);
            assertThat(host.sent()).isEqualTo(expected);
        }
    }

    @Test
    void oneSlowLaneHoldsUpNoOther() throws Exception {
        try (TestingHost host = start()) {
            for (int i = 0; i < 30; i++) {
                host.send(message("a" + i, "hold"));
            }
            host.await(() -> functions.held.size() == 2);
            for (int i = 0; i < 30; i++) {
                host.send(message("b" + i, "count"));
            }
            host.await(() -> host.sent().size() == 30);
            assertThat(host.sent()).allMatch(value -> value.startsWith("b"));
            assertThat(functions.held).hasSize(2);
        }
    }

    @Test
    void callsInTheEndWhatDidNotFitIntoHeap() throws Exception {
        try (TestingHost host = start()) {
            for (int i = 0; i < 100; i++) {
                host.send(message("a" + i, "hold"));
                host.send(message("b" + i, "hold"));
            }
            host.await(
                    () -> {
                        functions.held.values().forEach(hold -> hold.complete(null));
                        return host.sent().size() == 200;
                    });
            assertThat(host.sent()).doesNotHaveDuplicates();
        }
    }

    @Test
    void givesUpOneMessageThatFailsAndKeepsItsEffectsOut() throws Exception {
        try (TestingHost host = start()) {
            host.send(message("a1", "hold"));
            host.await(() -> functions.held.containsKey("a1"));
            host.send(message("a1", "count"));
            host.send(message("a1", "fail"));
            host.send(message("a1", "throw"));
            host.send(message("a1", "count"));
            functions.held.get("a1").complete(null);
            host.await(() -> host.sent().size() == 3);
            assertThat(host.sent()).containsExactly("a1=1", "a1=2", "a1=3");
            assertThat(host.deadLetters())
                    .hasSize(2)
                    .allMatch(letter -> letter.contains("FUNCTION_FAILED"))
                    .allMatch(letter -> letter.contains("\"attempts\":3"))
                    .noneMatch(letter -> letter.contains("secret"));
        }
    }

    @Test
    void refusesMessagesAndDelaysBeyondTheirBounds() throws Exception {
        try (TestingHost host = start()) {
            host.send(message("a1", "hold"));
            for (int i = 0; i < 50; i++) {
                host.send(message("a1", "later t x"));
            }
            assertThat(host.deadLetters()).hasSize(1);
            host.await(() -> functions.held.containsKey("a1"));
            functions.held.get("a1").complete(null);
            host.await(() -> host.deadLetters().size() == 1 + 49 - 5);
            assertThat(host.numProcessingTimeTimers()).isGreaterThan(0);
        }
    }

    @Test
    void givesUpAMessageThatIsNeverAnswered() throws Exception {
        try (TestingHost host = TestingHost.start(functions, timeoutAfter(Duration.ofMillis(50)))) {
            host.send(message("a1", "hold"));
            host.send(message("a1", "after"));
            host.await(() -> host.sent().size() == 1);
            assertThat(host.sent()).containsExactly("a1:after");
            assertThat(host.deadLetters()).hasSize(1);
            assertThat(host.deadLetters().get(0)).contains("No answer in time");
        }
    }

    @Test
    void takesNothingFromAnAnswerThatComesTooLate() throws Exception {
        try (TestingHost host = TestingHost.start(functions, timeoutAfter(Duration.ofMillis(50)))) {
            host.send(message("a1", "hold"));
            host.await(() -> host.deadLetters().size() == 1);
            functions.held.get("a1").complete(null);
            host.send(message("a1", "count"));
            host.await(() -> host.sent().size() == 1);
            assertThat(host.sent()).containsExactly("a1=1");
        }
    }

    @Test
    void saysWhichFunctionTypesThereAre() throws Exception {
        try (TestingHost host = start()) {
            host.send(new FunctionMessage("test/none", "a1", "t/y", new byte[0]));
            host.await(() -> host.deadLetters().size() == 1);
            assertThat(host.deadLetters().get(0)).contains("there are [test/words]");
        }
    }

    private static FunctionHostSettings timeoutAfter(Duration callTimeout) {
        FunctionHostSettings small = TestingFunctions.settings();
        return new FunctionHostSettings(
                small.topics(),
                small.threads(),
                small.mostInFlight(),
                small.mostInFlightPerLane(),
                small.mostInFlightBytes(),
                small.slow(),
                small.mostBatchMessages(),
                small.mostBatchBytes(),
                small.mostAnswerBytes(),
                small.mostPendingPerAddress(),
                small.mostDelayedPerAddress(),
                small.mostWaitingPerLane(),
                small.mostWaiting(),
                callTimeout,
                small.firstRetry(),
                small.longestRetry(),
                small.mostAttempts());
    }

    private TestingHost start() throws Exception {
        return TestingHost.start(functions, TestingFunctions.settings());
    }
}

package io.webhookdb.connectors.statefun;

import static io.webhookdb.connectors.statefun.TestingFunctions.message;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

/** What functions keep. */
class FunctionValuesTest {
    private static final Duration MOMENT = Duration.ofSeconds(30);

    private final TestingFunctions functions = new TestingFunctions();

    @Test
    void countsPerAddressInPersistedValues() throws Exception {
        try (TestingHost host = start()) {
            host.send(message("a1", "count"));
            host.send(message("b1", "count"));
            host.await(() -> host.sent().size() == 2);
            host.send(message("a1", "count"));
            host.await(() -> host.sent().size() == 3);

            assertThat(host.sent()).containsExactlyInAnyOrder("a1=1", "b1=1", "a1=2");
            host.send(message("a1", "forget"));
            host.send(message("a1", "count"));
            host.await(() -> host.sent().size() == 4);
            assertThat(host.sent().get(3)).isEqualTo("a1=1");
        }
    }

    @Test
    void learnsValuesOncePerTypeAndRunsNoMessageTwiceForThat() throws Exception {
        try (TestingHost host = start()) {
            host.send(message("a1", "count"));
            host.await(() -> host.sent().size() == 1);
            assertThat(functions.begun).containsExactly("a1:count");
        }
    }

    @Test
    void forgetsAValueAfterItsTimeSinceTheLastWrite() throws Exception {
        try (TestingHost host = start()) {
            host.send(message("a1", "brief"));
            host.await(() -> host.sent().size() == 1);
            host.pass(MOMENT);
            host.send(message("a1", "brief"));
            host.await(() -> host.sent().size() == 2);
            host.pass(MOMENT.multipliedBy(3));
            host.send(message("a1", "brief"));
            host.await(() -> host.sent().size() == 3);
            assertThat(host.sent()).containsExactly("a1=1", "a1=2", "a1=1");
        }
    }

    @Test
    void leavesNothingInStateOfAnAddressWhoseValuesExpired() throws Exception {
        try (TestingHost host = start()) {
            host.send(message("a1", "brief"));
            host.await(() -> host.sent().size() == 1);
            assertThat(host.numProcessingTimeTimers()).isEqualTo(1);
            host.pass(MOMENT.multipliedBy(3));
            assertThat(host.numProcessingTimeTimers()).isZero();
        }
    }

    @Test
    void keepsAValueThatExpiresAfterCallsWhileThereAreCalls() throws Exception {
        try (TestingHost host = start()) {
            for (int i = 1; i <= 4; i++) {
                int sent = i;
                host.send(message("a1", "called"));
                host.await(() -> host.sent().size() == sent);
                host.pass(MOMENT);
            }
            host.pass(MOMENT.multipliedBy(2));
            host.send(message("a1", "called"));
            host.await(() -> host.sent().size() == 5);
            assertThat(host.sent()).containsExactly("new", "kept", "kept", "kept", "new");
        }
    }

    private TestingHost start() throws Exception {
        return TestingHost.start(functions, TestingFunctions.settings());
    }
}

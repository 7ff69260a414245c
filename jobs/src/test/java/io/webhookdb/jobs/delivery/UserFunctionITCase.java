package io.webhookdb.jobs.delivery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.webhookdb.schemas.control.SubscriptionControl;
import io.webhookdb.schemas.control.SubscriptionControl.Ordering;
import io.webhookdb.schemas.control.SubscriptionSettings;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.stream.Stream;
import org.apache.flink.core.execution.JobClient;
import org.apache.flink.runtime.testutils.MiniClusterResourceConfiguration;
import org.apache.flink.test.junit5.MiniClusterExtension;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** A function of a user's, at an HTTP endpoint, between a change and its delivery. */
final class UserFunctionITCase {
    @RegisterExtension
    static final MiniClusterExtension CLUSTER =
            new MiniClusterExtension(
                    new MiniClusterResourceConfiguration.Builder()
                            .setNumberTaskManagers(1)
                            .setNumberSlotsPerTaskManager(2)
                            .build());

    private static final Duration LIMIT = Duration.ofSeconds(60);

    @TempDir Path directory;
    private TestingDelivery system;
    private TestingReceiver receiver;
    private JobClient job;

    @BeforeEach
    void start() throws Exception {
        system = new TestingDelivery(directory);
        receiver = new TestingReceiver();
    }

    @AfterEach
    void stop() throws Exception {
        if (job != null) {
            job.cancel().get();
        }
        receiver.close();
        system.close();
    }

    @Test
    void writtenWithTheSdkSeesAChangeFirstAndDropsOrChangesIt() throws Exception {
        try (EnrichingFunction function = new EnrichingFunction(5, "whs_1")) {
            seesAChangeFirstAndDropsOrChangesIt(function.url());
        }
    }

    /** In another language, by the protocol alone; only where there is one. */
    @TestFactory
    Stream<DynamicTest> writtenInPython() {
        return python().stream()
                .map(
                        process ->
                                DynamicTest.dynamicTest(
                                        "writtenInPythonSeesAChangeFirstAndDropsOrChangesIt",
                                        () -> {
                                            try {
                                                BufferedReader said =
                                                        process.inputReader(StandardCharsets.UTF_8);
                                                seesAChangeFirstAndDropsOrChangesIt(
                                                        "http://127.0.0.1:"
                                                                + said.readLine()
                                                                + "/");
                                            } finally {
                                                process.destroyForcibly();
                                            }
                                        }));
    }

    private static Optional<Process> python() {
        try {
            return Optional.of(
                    new ProcessBuilder(
                                    "python3",
                                    Path.of("src/test/resources/functions/enrich.py").toString())
                            .redirectError(ProcessBuilder.Redirect.INHERIT)
                            .start());
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    private void seesAChangeFirstAndDropsOrChangesIt(String url) throws Exception {
        system.integration("svi_1", 5);
        SubscriptionControl plain =
                system.subscription("whs_1", 5, null, receiver.url(), Ordering.PARALLEL);
        system.publish(
                plain.changed(
                        plain.url(),
                        plain.secretCiphertext(),
                        Ordering.ORDERED,
                        new SubscriptionSettings(null, null, 0, 0, 0, null, null, url)));
        job = system.start("400ms", null);

        system.change("c1", 5, "svi_1", "cus_1");
        system.change("c2", 5, "svi_1", "drop_1");
        system.change("c3", 5, "svi_1", "cus_1");
        system.change("c4", 5, "svi_1", "cus_2");

        await().atMost(LIMIT)
                .untilAsserted(() -> assertThat(receiver.ids()).contains("c1", "c3", "c4"));
        assertThat(receiver.ids()).doesNotContain("c2");
        assertThat(
                        receiver.received().stream()
                                .filter(one -> one.id().equals("c3"))
                                .map(one -> one.body().get("seen").intValue()))
                .containsExactly(2);
        assertThat(receiver.received().get(0).body().get("service_name").textValue())
                .isEqualTo("stripe_customer_v1");
    }
}

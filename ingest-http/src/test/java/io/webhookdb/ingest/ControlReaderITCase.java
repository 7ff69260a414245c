package io.webhookdb.ingest;

import static io.webhookdb.ingest.TestingControl.SHOPIFY;
import static io.webhookdb.ingest.TestingControl.definition;
import static io.webhookdb.ingest.TestingControl.integration;
import static io.webhookdb.ingest.TestingControl.newId;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.webhookdb.ingest.Lookup.Missing;
import io.webhookdb.security.kafka.KafkaAccess;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;

class ControlReaderITCase {
    /** More than one poll brings. */
    private static final int REVISIONS = 1_200;

    private static final Duration LIMIT = Duration.ofSeconds(30);

    /** A former secret would refuse the vendor's requests, and take those of who knows it. */
    @Test
    void decidesNothingByOldRecordsBeforeItHasReadToTheEnd() {
        try (TestingKafka kafka = TestingKafka.withTopics()) {
            String id = newId();
            kafka.control(definition(SHOPIFY));
            for (int revision = 1; revision <= REVISIONS; revision++) {
                kafka.control(integration(id, revision, SHOPIFY, "s" + revision));
            }
            ControlView view = new ControlView(TestingControl.CIPHER);
            List<Lookup> seen = new CopyOnWriteArrayList<>();
            Counter undecodable = Counter.builder("none").register(new SimpleMeterRegistry());
            try (ControlReader reader =
                    new ControlReader(
                            KafkaAccess.plain(kafka.bootstrap()),
                            view,
                            () -> seen.add(view.find(id, 0)),
                            undecodable)) {
                reader.start();
                await().atMost(LIMIT)
                        .untilAsserted(
                                () -> assertThat(seen).anyMatch(Lookup.Found.class::isInstance));
            }

            assertThat(seen.get(0)).isEqualTo(Missing.UNDECIDED);
            assertThat(seen)
                    .filteredOn(Lookup.Found.class::isInstance)
                    .allMatch(found -> ((Lookup.Found) found).endpoint().revision() == REVISIONS);
        }
    }

    @Test
    void knowsThatAnEmptyTopicHasNothingToSay() {
        try (TestingKafka kafka = TestingKafka.withTopics()) {
            ControlView view = new ControlView(TestingControl.CIPHER);
            List<Lookup> seen = new CopyOnWriteArrayList<>();
            try (ControlReader reader =
                    new ControlReader(
                            KafkaAccess.plain(kafka.bootstrap()),
                            view,
                            () -> seen.add(view.find(newId(), Long.MIN_VALUE)),
                            Counter.builder("none").register(new SimpleMeterRegistry()))) {
                reader.start();
                await().atMost(LIMIT)
                        .untilAsserted(() -> assertThat(seen).containsExactly(Missing.ABSENT));
            }
        }
    }
}

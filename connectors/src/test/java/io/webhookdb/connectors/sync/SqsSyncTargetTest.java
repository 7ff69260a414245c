package io.webhookdb.connectors.sync;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.webhookdb.schemas.catalog.ColumnType;
import io.webhookdb.security.connection.SqsUrl;
import io.webhookdb.security.outbound.OutboundPolicy;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SqsSyncTargetTest extends SyncTargetContract {
    private final SyncTable table =
            TestingService.table("s", "t", TestingService.column("total", ColumnType.BIGINT));
    private final SqsEmulator sqs;
    private final HttpPosts posts =
            HttpPosts.start(OutboundPolicy.parse("127.0.0.0/8"), Duration.ofSeconds(10), 4);

    SqsSyncTargetTest() throws IOException {
        sqs = new SqsEmulator();
    }

    @AfterEach
    void stopAll() {
        posts.close();
        sqs.close();
    }

    @Override
    SyncTarget open() {
        return open(sqs.url("rows"));
    }

    private SyncTarget open(String url) {
        return new SqsSyncTarget(SqsUrl.parse(url), posts);
    }

    @Override
    Order order() {
        return Order.AS_SENT;
    }

    /** The last message of the key. */
    @Override
    JsonNode stored(SyncTable table, String key) {
        return sqs.messages().stream()
                .filter(message -> message.path("key").asText().equals(key))
                .reduce((first, second) -> second)
                .map(message -> message.path("row"))
                .orElse(null);
    }

    @Override
    void drop(SyncTable table) {
        sqs.clear();
    }

    /** SQS takes no message of 3 MB; the row goes without its resource. */
    @Override
    @Test
    void keepsLargeResources() throws Exception {
        String data = "{\"t\":\"" + "x".repeat(300_000) + "\"}";
        deliver(open(), TestingRow.of("a", 1, columns(1), data));

        JsonNode message = sqs.messages().get(0);
        assertThat(message.path("truncated").asBoolean()).isTrue();
        assertThat(message.path("row").has("data")).isFalse();
        assertThat(message.path("row").path("total").asLong()).isEqualTo(1);
    }

    @Test
    void sendsTenMessagesAtATimeAndNeverMoreThanTheServiceTakes() throws Exception {
        deliver(
                open(),
                IntStream.range(0, 25)
                        .mapToObj(i -> TestingRow.of("row_" + i, 1))
                        .toArray(SyncRow[]::new));
        assertThat(sqs.messages()).hasSize(25);
        assertThat(sqs.batches()).isEqualTo(3);

        sqs.clear();
        String data = "{\"t\":\"" + "é".repeat(50_000) + "\"}";
        deliver(
                open(),
                IntStream.range(0, 5)
                        .mapToObj(i -> TestingRow.of("row_" + i, 1, columns(i), data))
                        .toArray(SyncRow[]::new));
        assertThat(sqs.messages()).hasSize(5);
        assertThat(sqs.batches()).isEqualTo(3);
    }

    @Test
    void keepsEachRowInAGroupOfItsOwnAndRepeatsNothingInAFifoQueue() throws Exception {
        SyncTarget fifo = open(sqs.url("rows.fifo"));
        deliver(fifo, TestingRow.of("a", 1), TestingRow.of("b", 1));
        deliver(fifo, TestingRow.of("a", 1), TestingRow.of("b", 2));

        assertThat(sqs.messages()).hasSize(3);
        assertThat(
                        sqs.messages().stream()
                                .map(message -> message.at("/entry/MessageGroupId").asText())
                                .distinct())
                .hasSize(2);
    }

    @Test
    void condemnsARowThatIsTooLargeEvenWithoutItsResource() {
        SyncRow row =
                TestingRow.of(
                        "a",
                        1,
                        TestingRow.JSON.createObjectNode().put("total", "9".repeat(300_000)),
                        "{}");
        assertThat(failure(open(), row).failure()).isEqualTo(SyncFailure.POISON);
    }

    @ParameterizedTest
    @CsvSource({
        "InvalidMessageContents, POISON",
        "AccessDenied, CONFIGURATION",
        "RequestThrottled, TRANSIENT",
        "InternalError, TRANSIENT"
    })
    void classifiesWhatIsSaidOfAMessage(String code, SyncFailure failure) {
        sqs.fail(code);
        SyncException refused = failure(open(), TestingRow.of("a", 1));
        assertThat(refused.failure()).isEqualTo(failure);
        assertThat(refused).hasMessageContaining(code);
    }

    @Test
    void callsAWrongSecretOrQueueAConfigurationFailure() {
        String wrong = sqs.url("rows").replace("wJalr", "other");
        SyncException refused = failure(open(wrong), TestingRow.of("a", 1));
        assertThat(refused.failure()).isEqualTo(SyncFailure.CONFIGURATION);
        assertThat(refused)
                .hasMessageContaining("SignatureDoesNotMatch")
                .hasMessageNotContaining("other");
        assertThat(failure(open(sqs.url("nowhere")), TestingRow.of("a", 1)).failure())
                .isEqualTo(SyncFailure.CONFIGURATION);
        assertThat(
                        failure(
                                        open(
                                                "sqs://k:s@eu-west-1/123456789012/q?endpoint="
                                                        + "https://10.0.0.1"),
                                        TestingRow.of("a", 1))
                                .failure())
                .isEqualTo(SyncFailure.CONFIGURATION);
    }

    private SyncException failure(SyncTarget target, SyncRow row) {
        return catchThrowableOfType(SyncException.class, () -> deliver(target, row));
    }

    private void deliver(SyncTarget target, SyncRow... rows) throws SyncException {
        target.deliver(new SyncPage(table, Arrays.asList(rows), Instant.ofEpochSecond(1)));
    }

    private static ObjectNode columns(long total) {
        return TestingRow.JSON.createObjectNode().put("total", total);
    }
}

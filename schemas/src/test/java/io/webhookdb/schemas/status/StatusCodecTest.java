package io.webhookdb.schemas.status;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class StatusCodecTest {
    static List<StatusReport> reports() {
        String at = "2026-01-02T03:04:05Z";
        return List.of(
                new DeliveryAttempt(
                        "wsb_1",
                        7,
                        "svi_1",
                        "c1",
                        2,
                        at,
                        12,
                        503,
                        DeliveryAttempt.Outcome.OVERLOADED,
                        at,
                        false,
                        at,
                        "busy"),
                new IntegrationMinute(
                        7,
                        "svi_1",
                        29_000_000,
                        "replication/0/a",
                        5,
                        0,
                        1,
                        1,
                        3,
                        0,
                        900,
                        30,
                        20,
                        9),
                new BackfillProgress(
                        7,
                        "svi_1",
                        "bfj_1",
                        BackfillProgress.State.WAITING_FOR_VENDOR,
                        2,
                        200,
                        -1,
                        3.5,
                        null,
                        at,
                        at,
                        null),
                new ReplayProgress(7, "rpl_1", BackfillProgress.State.RUNNING, 9, 8, 1, at, null),
                new RecoveryProgress(
                        7, "rcv_1", "wsb_1", BackfillProgress.State.RUNNING, 9, 8, at, null),
                new SyncProgress(
                        7, "syt_1", "svi_1", 0, 10, 900, 3, 5, true, at, null, at, at, 2, "refused",
                        4),
                new RunRepairs(7, "svi_1", "sch_svi_1", 1_700_000_000_123L, "w/1/ab.0", 3),
                new EpochReached(7, 3, 1, 2, at),
                new KeysetsRead("delivery/0/a", "connections", List.of(4L, 5L), 99, -1, at, 5));
    }

    @Test
    void attemptsWriteThemselvesAsTheCodecWould() {
        for (DeliveryAttempt.Outcome outcome : DeliveryAttempt.Outcome.values()) {
            DeliveryAttempt full =
                    new DeliveryAttempt(
                            "wsb_1", 7, "", "c\"1", 2, "at", 12, 503, outcome, "n", true, "c",
                            "ä\n");
            DeliveryAttempt bare =
                    new DeliveryAttempt(
                            "wsb_1", 7, "svi_1", "c1", 0, "at", 0, 0, outcome, null, false, null,
                            null);
            assertThat(full.encode()).isEqualTo(StatusCodec.encode(full));
            assertThat(bare.encode()).isEqualTo(StatusCodec.encode(bare));
        }
    }

    @ParameterizedTest
    @MethodSource("reports")
    void bringsBackWhatItWrote(StatusReport report) {
        assertThat(StatusCodec.decode(StatusCodec.encode(report))).isEqualTo(report);
    }

    @ParameterizedTest
    @MethodSource("reports")
    void namesTheKindOnce(StatusReport report) {
        String json = new String(StatusCodec.encode(report), StandardCharsets.UTF_8);
        assertThat(json.split("\"kind\"", -1)).hasSize(2);
    }

    @Test
    void refusesAnUnknownKind() {
        assertThatIllegalArgumentException()
                .isThrownBy(
                        () ->
                                StatusCodec.decode(
                                        "{\"kind\":\"rumour\"}".getBytes(StandardCharsets.UTF_8)))
                .withMessageContaining("Not a status report");
    }
}

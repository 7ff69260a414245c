package io.webhookdb.controlplane.provisioner;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PoliciesTest {
    @Test
    void placesWhereThereIsLeast() {
        List<String> servers = List.of("a:1", "b:1", "c:1");

        assertThat(Placement.choose(servers, Map.of("a:1", 2L, "b:1", 1L, "c:1", 2L), Set.of()))
                .isEqualTo("b:1");
        assertThat(Placement.choose(servers, Map.of("a:1", 2L, "b:1", 1L), Set.of()))
                .isEqualTo("c:1");
    }

    @Test
    void placesOnAFailingServerOnlyIfAllFail() {
        List<String> servers = List.of("a:1", "b:1");

        assertThat(Placement.choose(servers, Map.of("b:1", 9L), Set.of("a:1"))).isEqualTo("b:1");
        assertThat(Placement.choose(servers, Map.of("b:1", 9L), Set.of("a:1", "b:1")))
                .isEqualTo("a:1");
    }

    @Test
    void waitsLongerAfterEachFailureUpToAMinute() {
        List<Duration> waits = IntStream.rangeClosed(1, 9).mapToObj(Backoff::after).toList();

        assertThat(waits).isSorted();
        assertThat(waits.get(0)).isEqualTo(Duration.ofSeconds(1));
        assertThat(waits.get(3)).isEqualTo(Duration.ofSeconds(8));
        assertThat(waits.get(8)).isEqualTo(Duration.ofMinutes(1));
        assertThat(Backoff.after(Integer.MAX_VALUE)).isEqualTo(Duration.ofMinutes(1));
    }

    @ParameterizedTest
    @CsvSource({
        "08001, UNREACHABLE",
        "57P01, UNREACHABLE",
        "57P03, UNREACHABLE",
        "53300, BUSY",
        "55P03, BUSY",
        "57014, BUSY",
        "55006, BUSY",
        "28P01, NOT_ALLOWED",
        "42501, NOT_ALLOWED",
        "42601, REFUSED",
        ", REFUSED"
    })
    void classifiesWhatServersSay(String state, ServerFailure failure) {
        assertThat(ServerFailure.of(new SQLException("x", state))).isEqualTo(failure);
    }

    @Test
    void takesOtherErrorsForOurs() {
        assertThat(ServerFailure.of(new IllegalStateException())).isEqualTo(ServerFailure.INTERNAL);
    }

    @Test
    void refusesFewerThanThreeCopiesOutsideStandalone() {
        assertThatThrownBy(() -> TopicSettings.replicated(12, 2))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("2")
                .hasMessageContaining("3");
        assertThat(TopicSettings.replicated(12, 3).minInsyncReplicas()).isEqualTo((short) 2);
        assertThat(TopicSettings.standalone(1).replicationFactor()).isEqualTo((short) 1);
    }
}

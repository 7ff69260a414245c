package io.webhookdb.controlplane.provisioner.reading;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.SQLException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class StoreFailureTest {
    @ParameterizedTest
    @ValueSource(strings = {"08006", "57P01", "53300", "40001", "55P03", "25006", "42P01", "57014"})
    void triesAgainWhatIsTheDatabases(String state) {
        assertThat(StoreFailure.of(wrapped(state))).isEqualTo(StoreFailure.TRANSIENT);
    }

    @ParameterizedTest
    @ValueSource(strings = {"21000", "22001", "22P05", "23502", "23514"})
    void skipsWhatIsTheRecords(String state) {
        assertThat(StoreFailure.of(wrapped(state))).isEqualTo(StoreFailure.POISON);
    }

    @Test
    void skipsWhatIsOurs() {
        assertThat(StoreFailure.of(new IllegalArgumentException("no report")))
                .isEqualTo(StoreFailure.POISON);
    }

    @Test
    void triesAgainWithoutASqlState() {
        assertThat(StoreFailure.of(wrapped(null))).isEqualTo(StoreFailure.TRANSIENT);
    }

    private static RuntimeException wrapped(String state) {
        return new IllegalStateException(new SQLException("refused", state));
    }
}

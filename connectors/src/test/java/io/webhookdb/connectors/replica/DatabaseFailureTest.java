package io.webhookdb.connectors.replica;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.SocketTimeoutException;
import java.sql.SQLException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DatabaseFailureTest {
    @ParameterizedTest
    @CsvSource({
        "08006, TRANSIENT",
        "08001, TRANSIENT",
        "57P01, TRANSIENT",
        "57P03, TRANSIENT",
        "57014, TRANSIENT",
        "53300, TRANSIENT",
        "53100, TRANSIENT",
        "40001, TRANSIENT",
        "40P01, TRANSIENT",
        "55P03, TRANSIENT",
        "25006, TRANSIENT",
        "XX000, TRANSIENT",
        "42P01, CONFIGURATION",
        "42703, CONFIGURATION",
        "42501, CONFIGURATION",
        "28P01, CONFIGURATION",
        "28000, CONFIGURATION",
        "3D000, CONFIGURATION",
        "3F000, CONFIGURATION",
        "22P02, POISON_ROW",
        "22003, POISON_ROW",
        "22021, POISON_ROW",
        "23505, POISON_ROW",
        "23514, POISON_ROW",
        "21000, POISON_ROW",
        "54000, POISON_ROW",
        "P0001, POISON_ROW",
        "'', TRANSIENT"
    })
    void classifiesByState(String state, DatabaseFailure expected) {
        assertThat(DatabaseFailure.of(new SQLException("x", state))).isEqualTo(expected);
    }

    @Test
    void retriesWhatHasNoState() {
        assertThat(DatabaseFailure.of(new SQLException(new SocketTimeoutException())))
                .isEqualTo(DatabaseFailure.TRANSIENT);
    }

    @Test
    void suspectsTheRowsWhenTheDatabaseWasNotEvenAsked() {
        assertThat(DatabaseFailure.of(new IndexOutOfBoundsException()))
                .isEqualTo(DatabaseFailure.POISON_ROW);
    }
}

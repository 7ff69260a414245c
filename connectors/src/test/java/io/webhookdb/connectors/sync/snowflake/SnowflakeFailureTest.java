package io.webhookdb.connectors.sync.snowflake;

import static org.assertj.core.api.Assertions.assertThat;

import io.webhookdb.connectors.sync.SyncException;
import io.webhookdb.connectors.sync.SyncFailure;
import java.sql.SQLException;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SnowflakeFailureTest {
    @ParameterizedTest
    @CsvSource({
        "390100, 08001, CONFIGURATION, login refused",
        "390144, 08001, CONFIGURATION, login refused",
        "390114, 08001, TRANSIENT, session has ended",
        "606, 57P03, CONFIGURATION, warehouse",
        "2003, 02000, CONFIGURATION, not there for this role",
        "904, 42000, CONFIGURATION, not there for this role",
        "3001, 42501, CONFIGURATION, privilege",
        "100038, 22018, POISON, statement failed",
        "604, 57014, TRANSIENT, statement failed",
        "200001, 08006, TRANSIENT, statement failed"
    })
    void asksForWhatWillHelp(int code, String state, SyncFailure kind, String words) {
        SyncException failure =
                SnowflakeFailure.of("host", new SQLException("a value 'secret'", state, code));
        assertThat(failure.failure()).isEqualTo(kind);
        assertThat(failure)
                .hasMessageContaining(words)
                .hasMessageContaining(String.valueOf(code))
                .hasMessageNotContaining("secret");
    }
}

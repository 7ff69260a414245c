package io.webhookdb.controlplane.environment;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.SQLException;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class StartFailureTest {
    @ParameterizedTest
    @CsvSource({
        "08001, AWAY",
        "57P03, AWAY",
        "53300, AWAY",
        "28P01, CONFIGURATION",
        "3D000, CONFIGURATION",
        "42501, CONFIGURATION"
    })
    void tellsAServerThatIsAwayFromOneThatRefuses(String state, StartFailure expected) {
        Exception failure =
                new IllegalStateException("does not start", new SQLException("no", state));

        assertThat(StartFailure.of(failure)).isEqualTo(expected);
    }
}

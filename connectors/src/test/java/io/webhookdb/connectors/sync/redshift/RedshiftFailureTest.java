package io.webhookdb.connectors.sync.redshift;

import static org.assertj.core.api.Assertions.assertThat;

import io.webhookdb.connectors.sync.SyncException;
import io.webhookdb.connectors.sync.SyncFailure;
import java.sql.SQLException;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RedshiftFailureTest {
    @ParameterizedTest
    @CsvSource({
        "XX000, Load into table failed. Check 'stl_load_errors' 'secret', POISON",
        "XX000, Check 'sys_load_error_detail' for 'secret', POISON",
        "XX000, 'S3ServiceException:Access Denied,Status 403 secret', CONFIGURATION",
        "XX000, User is not authorized to assume IAM Role secret, CONFIGURATION",
        "XX000, 1023 Serializable isolation violation secret, TRANSIENT",
        "28P01, password secret, CONFIGURATION",
        "42501, denied secret, CONFIGURATION",
        "22P02, value secret, POISON",
        "57014, cancelled secret, TRANSIENT",
        ", gone secret, TRANSIENT"
    })
    void asksForWhatWillHelp(String state, String message, SyncFailure kind) {
        SyncException failure = RedshiftFailure.of("host:5439", new SQLException(message, state));
        assertThat(failure.failure()).isEqualTo(kind);
        assertThat(failure).hasMessageContaining("host:5439").hasMessageNotContaining("secret");
    }
}

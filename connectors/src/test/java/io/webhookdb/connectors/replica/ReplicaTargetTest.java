package io.webhookdb.connectors.replica;

import static org.assertj.core.api.Assertions.assertThat;

import io.webhookdb.schemas.control.OrganizationControl.Database.RunBy;
import java.util.Properties;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.postgresql.PGProperty;
import org.postgresql.ssl.DefaultJavaSSLFactory;

class ReplicaTargetTest {
    /** The driver's own way asks for a file in the home directory, which is nowhere. */
    @ParameterizedTest
    @ValueSource(strings = {"verify-ca", "verify-full"})
    void checksCertificatesByTheAuthoritiesOfTheJvm(String mode) {
        assertThat(PGProperty.SSL_FACTORY.getOrDefault(properties(mode)))
                .isEqualTo(DefaultJavaSSLFactory.class.getName());
    }

    /** Such modes take every certificate. */
    @ParameterizedTest
    @ValueSource(strings = {"prefer", "require"})
    void leavesOtherModesToTheDriver(String mode) {
        assertThat(properties(mode).getProperty(PGProperty.SSL_FACTORY.getName())).isNull();
        assertThat(PGProperty.SSL_MODE.getOrDefault(properties(mode))).isEqualTo(mode);
    }

    private static Properties properties(String sslMode) {
        return new ReplicaTarget("h", 5432, "d", "u", "p", sslMode, RunBy.CUSTOMER)
                .properties(ConnectionTimeouts.DEFAULT);
    }
}

package io.webhookdb.controlplane.provisioner;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.SQLException;
import org.junit.jupiter.api.Test;
import org.postgresql.util.PasswordUtil;

class VerifierTest {
    @Test
    void makesLoginsOfOurOwnCheapAndThoseOfPeopleAsTheServerWould() throws SQLException {
        String password = TenantNames.password();
        assertThat(Verifier.forOwner(password)).startsWith("SCRAM-SHA-256$1:");
        assertThat(Verifier.forReader(password))
                .startsWith(
                        PasswordUtil.encodePassword(
                                        "reader", password.toCharArray(), "scram-sha-256")
                                .split(":", 2)[0]);
    }

    @Test
    void saltsEveryOne() {
        String password = TenantNames.password();
        assertThat(Verifier.forOwner(password)).isNotEqualTo(Verifier.forOwner(password));
    }
}

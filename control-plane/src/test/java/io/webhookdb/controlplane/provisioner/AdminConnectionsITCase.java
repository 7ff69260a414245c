package io.webhookdb.controlplane.provisioner;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.webhookdb.controlplane.SharedControlPlane;
import io.webhookdb.controlplane.TestingSystem;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(SharedControlPlane.class)
class AdminConnectionsITCase {
    private final TestingSystem system;

    AdminConnectionsITCase(TestingSystem system) {
        this.system = system;
    }

    @Test
    void saysNothingOfTheRowWhenAConstraintIsViolated() throws SQLException {
        try (Connection connection = AdminConnections.open(system.superuser())) {
            AdminConnections.execute(
                    connection,
                    List.of(
                            "CREATE TEMPORARY TABLE pg_temp.things (name text PRIMARY KEY)",
                            "INSERT INTO pg_temp.things SELECT 'hid' || 'den'"));

            SQLException violated =
                    catchThrowableOfType(
                            SQLException.class,
                            () ->
                                    AdminConnections.execute(
                                            connection,
                                            List.of(
                                                    "INSERT INTO pg_temp.things SELECT 'hid' ||"
                                                            + " 'den'")));

            assertThat(violated.getSQLState()).isEqualTo("23505");
            assertThat(violated.toString()).contains("things_pkey").doesNotContain("hidden");
        }
    }
}

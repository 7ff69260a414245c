package io.webhookdb.controlplane.database;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.webhookdb.controlplane.SharedControlPlane;
import io.webhookdb.controlplane.TestingSystem;
import io.webhookdb.controlplane.environment.Environment;
import io.webhookdb.security.connection.PostgresUrl;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(SharedControlPlane.class)
class MigrateITCase {
    private final TestingSystem system;

    MigrateITCase(TestingSystem system) {
        this.system = system;
    }

    @Test
    void bringsAnEmptyDatabaseToThisReleaseAndAnUpToDateOneNowhere() throws SQLException {
        PostgresUrl superuser = system.superuser();
        try (Connection connection = TestingSystem.connect(superuser);
                Statement statement = connection.createStatement()) {
            statement.execute("CREATE DATABASE migrated");
        }
        PostgresUrl empty =
                new PostgresUrl(
                        superuser.host(),
                        superuser.port(),
                        "migrated",
                        superuser.user(),
                        superuser.password(),
                        superuser.sslMode());
        Environment environment = new Environment(Map.of("WEBHOOKDB_DATABASE_URL", empty.url()));

        MigrateMain.migrate(environment);
        MigrateMain.migrate(environment);

        try (Connection connection = TestingSystem.connect(empty);
                Statement statement = connection.createStatement();
                var rows = statement.executeQuery("SELECT count(*) FROM organizations")) {
            assertThat(rows.next()).isTrue();
            assertThat(rows.getLong(1)).isZero();
        }
    }

    @Test
    void namesTheVariableThatIsMissing() {
        assertThatThrownBy(() -> MigrateMain.migrate(new Environment(Map.of())))
                .hasMessageContaining("WEBHOOKDB_DATABASE_URL");
    }
}

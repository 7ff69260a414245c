package io.webhookdb.controlplane.database;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.webhookdb.controlplane.SharedControlPlane;
import io.webhookdb.controlplane.TestingSystem;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** What a constraint violation says ends up in logs. */
@ExtendWith(SharedControlPlane.class)
class ServerErrorDetailITCase {
    private static final String VALUE = "private@example.org";
    private static final String ADD = "INSERT INTO customers (email) VALUES (?)";

    private final TestingSystem system;

    ServerErrorDetailITCase(TestingSystem system) {
        this.system = system;
    }

    @Test
    void saysNothingOfTheRowWhenAConstraintIsViolated() throws SQLException {
        try (ApplicationDatabase database = ApplicationDatabase.open(system.application(), 2)) {
            database.jdbi()
                    .useHandle(
                            handle ->
                                    handle.execute(
                                            "INSERT INTO customers (email) VALUES (?) ON CONFLICT"
                                                    + " DO NOTHING",
                                            VALUE));

            Throwable unique =
                    catchThrowable(
                            () -> database.jdbi().useHandle(handle -> handle.execute(ADD, VALUE)));
            Throwable check =
                    catchThrowable(
                            () ->
                                    database.jdbi()
                                            .useHandle(handle -> handle.execute(ADD, "X" + VALUE)));

            assertThat(printed(unique)).contains("customers_email_key").doesNotContain(VALUE);
            assertThat(printed(check)).contains("customers_email_check").doesNotContain(VALUE);
            try (Connection connection = database.dedicatedConnection();
                    Statement statement = connection.createStatement()) {
                Throwable dedicated =
                        catchThrowable(
                                () ->
                                        statement.execute(
                                                "INSERT INTO customers (email) SELECT email FROM"
                                                    + " customers WHERE email LIKE 'private@%'"));
                assertThat(printed(dedicated))
                        .contains("customers_email_key")
                        .doesNotContain(VALUE);
            }
        }
    }

    private static String printed(Throwable thrown) {
        assertThat(thrown).isNotNull();
        StringWriter text = new StringWriter();
        thrown.printStackTrace(new PrintWriter(text));
        return text.toString();
    }
}

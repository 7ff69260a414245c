package io.webhookdb.controlplane.api.db;

import static org.assertj.core.api.Assertions.assertThat;

import io.webhookdb.controlplane.SharedControlPlane;
import io.webhookdb.controlplane.TestingSystem;
import io.webhookdb.controlplane.TestingTenant;
import io.webhookdb.embedded.EmbeddedPostgresServer;
import io.webhookdb.security.connection.PostgresUrl;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Runs the statements of docs/query-patterns.md as they are printed there. */
@ExtendWith(SharedControlPlane.class)
class QueryPatternsITCase {
    private static final Path PAGE = Path.of("../docs/query-patterns.md");
    private static final Pattern SQL = Pattern.compile("```sql\n(.*?)```", Pattern.DOTALL);

    private final TestingSystem system;

    QueryPatternsITCase(TestingSystem system) {
        this.system = system;
    }

    @Test
    void runsAsPrintedOverADirectConnection() throws Exception {
        TestingTenant tenant = tenant("direct@patterns.example");
        try (Connection reader = TestingSystem.connect(tenant.reader())) {
            assertThat(run(reader, recipe("Direct connection")))
                    .containsExactly("succeeded|1|12.5000000000000000", "ch_1|first", "1|ch_1");
        }
        String first = recipe("Direct connection").split(";")[0];
        assertThat(tenant.sql(first).body().at("/rows/0/0").asText()).isEqualTo("succeeded");
    }

    @Test
    void runsAsPrintedOverForeignTablesAndMaterializedViews() throws Exception {
        TestingTenant tenant = tenant("foreign@patterns.example");
        try (EmbeddedPostgresServer mine =
                        EmbeddedPostgresServer.start(EmbeddedPostgresServer.Settings.temporary());
                Connection connection =
                        TestingSystem.connect(PostgresUrl.parse(mine.superuserUrl()))) {
            run(connection, printed(tenant, "message_fdw"));
            run(
                    connection,
                    "CREATE TABLE accounts (customer text PRIMARY KEY, name text NOT NULL);"
                            + "INSERT INTO accounts VALUES ('cus_1', 'Ada'), ('cus_2', 'Bob')");
            assertThat(run(connection, recipe("Foreign tables"))).containsExactly("Ada|1", "Bob|0");

            run(connection, printed(tenant, "message_all"));
            assertThat(run(connection, recipe("Materialized views"))).containsExactly("ch_1|1250");
            insert(tenant, "ch_2");
            assertThat(run(connection, recipe("Materialized views")))
                    .containsExactlyInAnyOrder("ch_1|1250", "ch_2|1250");
        }
    }

    @Test
    void runsAsPrintedInADatabaseOfOnesOwnAndInTests() throws Exception {
        PostgresUrl superuser = system.superuser();
        try (Connection connection = TestingSystem.connect(superuser)) {
            run(connection, "CREATE DATABASE query_patterns");
        }
        PostgresUrl own = superuser.with("query_patterns", superuser.user(), superuser.password());
        try (Connection connection = TestingSystem.connect(own)) {
            run(
                    connection,
                    system.client()
                            .get("/v1/services/stripe_charge_v1/fixtures")
                            .body()
                            .path("schema_sql")
                            .asText());
            run(connection, recipe("In tests"));
            run(connection, "UPDATE charges SET customer = 'cus_1'");
            assertThat(run(connection, recipe("Your own database"))).containsExactly("cus_1|1250");
        }
    }

    /** With a table that is called as on the page, and one row. */
    private TestingTenant tenant(String email) throws SQLException {
        TestingTenant tenant = TestingTenant.of(system, email, "stripe_charge_v1");
        tenant.client().post(tenant.path() + "/rename_table", Map.of("new_name", "charges"));
        insert(tenant, "ch_1");
        return tenant;
    }

    private static void insert(TestingTenant tenant, String id) throws SQLException {
        try (Connection owner = TestingSystem.connect(tenant.owner())) {
            run(
                    owner,
                    "INSERT INTO charges (stripe_id, amount, customer, status, created, _version,"
                            + " _synced_at, data) VALUES ('"
                            + id
                            + "', 1250, 'cus_1', 'succeeded', now(), '', now(), '{\"paid\": true,"
                            + " \"description\": \"first\"}')");
        }
    }

    private static String printed(TestingTenant tenant, String what) {
        return tenant.client()
                .post("/v1/db/" + tenant.organization() + "/fdw", Map.of(what, true))
                .message();
    }

    /** The statements under a heading. */
    private static String recipe(String heading) throws IOException {
        String section =
                Files.readString(PAGE).split("\n## " + heading + "\n", 2)[1].split("\n## ")[0];
        return SQL.matcher(section)
                .results()
                .map(match -> match.group(1))
                .collect(Collectors.joining("\n"));
    }

    /** Every row of every result: its columns, of wide ones the first two. */
    private static List<String> run(Connection connection, String sql) throws SQLException {
        List<String> rows = new ArrayList<>();
        try (Statement statement = connection.createStatement()) {
            boolean result = statement.execute(sql);
            while (result || statement.getUpdateCount() >= 0) {
                if (result) {
                    read(statement.getResultSet(), rows);
                }
                result = statement.getMoreResults();
            }
        }
        return rows;
    }

    private static void read(ResultSet result, List<String> rows) throws SQLException {
        int columns = result.getMetaData().getColumnCount();
        while (result.next()) {
            List<String> cells = new ArrayList<>();
            for (int i = 1; i <= (columns > 3 ? 2 : columns); i++) {
                cells.add(result.getString(i));
            }
            rows.add(String.join("|", cells));
        }
    }
}

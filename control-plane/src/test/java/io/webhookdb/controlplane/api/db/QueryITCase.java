package io.webhookdb.controlplane.api.db;

import static org.assertj.core.api.Assertions.assertThat;

import io.webhookdb.controlplane.SharedControlPlane;
import io.webhookdb.controlplane.TestingClient;
import io.webhookdb.controlplane.TestingClient.Answer;
import io.webhookdb.controlplane.TestingSystem;
import io.webhookdb.controlplane.TestingTenant;
import io.webhookdb.controlplane.api.auth.Tokens;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@ExtendWith(SharedControlPlane.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class QueryITCase {
    private final TestingSystem system;
    private TestingTenant tenant;

    QueryITCase(TestingSystem system) {
        this.system = system;
    }

    @BeforeEach
    void ensureTenant() {
        if (tenant == null) {
            tenant = TestingTenant.of(system, "query@example.org", "stripe_customer_v1");
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "SELECT 1 | 1",
                "SELECT NULL | null",
                "SELECT true | true",
                "SELECT 9223372036854775807 | 9223372036854775807",
                "SELECT 1.50::numeric | 1.50",
                "SELECT 123456789012345678901234567890.123456789 |"
                        + " 123456789012345678901234567890.123456789",
                "SELECT 'NaN'::numeric | \"NaN\"",
                "SELECT '-infinity'::float8 | \"-Infinity\"",
                "SELECT 1e300::float8 | 1e+300",
                "SELECT 'a\"b' | \"a\\\"b\"",
                "SELECT '{\"b\": [1.0, null], \"a\": \"x\"}'::jsonb |"
                        + " {\"a\": \"x\", \"b\": [1.0, null]}",
                "SELECT '{\"b\":1,\"b\":2}'::json | {\"b\":1,\"b\":2}",
                "SELECT '3'::jsonb | 3",
                "SELECT 'null'::jsonb | null",
                "SELECT ARRAY['x', NULL, 'y,z'] | [\"x\",null,\"y,z\"]",
                "SELECT ARRAY[1, 2]::bigint[] | [1,2]",
                "SELECT ARRAY[[1, 2], [3, 4]] | [[1,2],[3,4]]",
                "SELECT ARRAY[1.10]::numeric[] | [1.10]",
                "SELECT ARRAY['{\"a\":1}']::jsonb[] | [{\"a\": 1}]",
                "SELECT '{}'::text[] | []",
                "SELECT '2024-02-29 12:30:00.123456+02'::timestamptz |"
                        + " \"2024-02-29T10:30:00.123456Z\"",
                "SELECT '2024-01-01T00:00:00Z'::timestamptz | \"2024-01-01T00:00:00Z\"",
                "SELECT 'infinity'::timestamptz | \"infinity\"",
                "SELECT array['2024-02-29 12:30:00.5+02'::timestamptz, 'infinity', NULL] |"
                        + " [\"2024-02-29T10:30:00.5Z\",\"infinity\",null]",
                "SELECT array['\\x00ff'::bytea] | [\"\\\\x00ff\"]",
                "SELECT array['12:00:00.123456'::time] | [\"12:00:00.123456\"]",
                "SELECT array['a\"b', 'c\\d', 'NULL', '', '{x,y}', NULL] |"
                        + " [\"a\\\"b\",\"c\\\\d\",\"NULL\",\"\",\"{x,y}\",null]",
                "SELECT '[0:1]={1,2}'::int[] | [1,2]",
                "SELECT array['(1,2),(0,0)'::box, '(1,1),(0,0)'] |"
                        + " [\"(1,2),(0,0)\",\"(1,1),(0,0)\"]",
                "SELECT array[true, false] | [true,false]",
                "SELECT '2024-02-29'::date | \"2024-02-29\"",
                "SELECT 'a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11'::uuid |"
                        + " \"a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11\"",
                "SELECT '\\xDEADBEEF'::bytea | \"\\\\xdeadbeef\"",
                "SELECT '{\"a\": 1}'::jsonb ? 'a' | true",
                "SHOW transaction_read_only | \"on\""
            })
    void givesEveryValueAsItIs(String query, String json) {
        assertThat(tenant.sql(query).text())
                .endsWith("\"rows\":[[" + json + "]],\"max_rows_reached\":false}");
    }

    @Test
    void keepsColumnsInSelectOrder() {
        assertThat(tenant.sql("SELECT 1 AS b, 2 AS a, 3 AS b").text())
                .isEqualTo(
                        "{\"headers\":[\"b\",\"a\",\"b\"],\"rows\":[[1,2,3]],"
                                + "\"max_rows_reached\":false}");
    }

    @Test
    void cutsAfterAThousandRows() {
        Answer exactly = tenant.sql("SELECT generate_series(1, 1000)");
        Answer more = tenant.sql("SELECT generate_series(1, 1001)");
        Answer endless = tenant.sql("SELECT generate_series(1, 1000000000000)");

        assertThat(exactly.body().path("rows").size()).isEqualTo(1000);
        assertThat(exactly.body().path("max_rows_reached").asBoolean()).isFalse();
        assertThat(more.body().path("rows").size()).isEqualTo(1000);
        assertThat(more.body().path("max_rows_reached").asBoolean()).isTrue();
        assertThat(endless.body().path("rows").size()).isEqualTo(1000);
    }

    @Test
    void refusesResultsThatWouldFillTheHeap() {
        Answer refused = tenant.sql("SELECT repeat('x', 1000000) FROM generate_series(1, 1000)");

        assertThat(refused.status()).isEqualTo(403);
        assertThat(refused.code()).isEqualTo("invalid_query");
    }

    @Test
    void givesTheResultOfTheLastStatement() {
        assertThat(tenant.sql("SELECT 1; SELECT 2").text()).contains("[[2]]");
        assertThat(tenant.sql("SELECT 1 AS a; SET work_mem = '1MB'").body().path("rows").size())
                .isEqualTo(1);
        assertThat(tenant.sql("SET work_mem = '1MB'").text())
                .isEqualTo("{\"headers\":[],\"rows\":[],\"max_rows_reached\":false}");
    }

    @Test
    void passesOnWhatTheDatabaseSays() {
        Answer syntax = tenant.sql("SELEC 1");
        assertThat(syntax.status()).isEqualTo(403);
        assertThat(syntax.code()).isEqualTo("invalid_query");
        assertThat(syntax.message()).contains("syntax error at or near \"SELEC\"");
        assertThat(tenant.sql("SELECT * FROM nothing").message())
                .contains("relation \"nothing\" does not exist")
                .contains("webhookdb db tables");
        assertThat(tenant.sql("SELECT 1/0").message()).contains("division by zero");
        assertThat(tenant.sql("SELECT '\0'").message()).contains("character NUL");
    }

    @Test
    void saysThatAQueryWantsMoreDiskThanAReaderMayTake() throws SQLException {
        assertThat(tenant.sql("SHOW temp_file_limit").text()).contains("1GB");
        // So that it takes no gigabyte of this machine's disk to see it.
        limitTemporaryFiles("1MB");
        // A function's rows are kept before they are counted.
        Answer refused = tenant.sql("SELECT count(*) FROM generate_series(1, 1000000000000)");

        assertThat(refused.status()).as(refused.text()).isEqualTo(403);
        assertThat(refused.code()).isEqualTo("invalid_query");
        assertThat(refused.message()).contains("more space on the server's disk");
        limitTemporaryFiles("1GB");
    }

    private void limitTemporaryFiles(String size) throws SQLException {
        try (Connection connection = TestingSystem.connect(system.superuser());
                Statement statement = connection.createStatement()) {
            statement.execute(
                    "ALTER ROLE \"%s\" SET temp_file_limit = '%s'"
                            .formatted(tenant.reader().user(), size));
        }
    }

    @Test
    void saysThatThereAreNoParameters() {
        Answer refused = tenant.sql("SELECT 1 WHERE 1 = $1");

        assertThat(refused.status()).as(refused.text()).isEqualTo(403);
        assertThat(refused.code()).isEqualTo("invalid_query");
    }

    @Test
    void writesNothing() {
        for (String query :
                new String[] {
                    "DELETE FROM " + tenant.table(),
                    "SET TRANSACTION READ WRITE; DELETE FROM " + tenant.table(),
                    "COMMIT; BEGIN READ WRITE; DROP TABLE " + tenant.table(),
                    "SET default_transaction_read_only = off; COMMIT; CREATE TABLE x (a int)"
                }) {
            assertThat(tenant.sql(query).code()).as(query).isEqualTo("invalid_query");
        }
    }

    @Test
    void stopsLongQueriesWhateverTheySet() {
        long start = System.nanoTime();
        Answer stopped =
                tenant.sql("SET statement_timeout = 0; SELECT pg_sleep(120), 'after the limit'");

        assertThat(stopped.code()).isEqualTo("invalid_query");
        assertThat(stopped.message()).contains("15 seconds");
        assertThat((System.nanoTime() - start) / 1_000_000_000).isBetween(14L, 25L);
    }

    @Test
    void asksForTheQuery() {
        Answer asked = tenant.sql(" \n");
        assertThat(asked.status()).isEqualTo(422);
        assertThat(asked.header("Whdb-Prompt")).isEqualTo("query");

        assertThat(tenant.client().reply(asked, "SELECT 42").text()).contains("[[42]]");
    }

    @Test
    void listsTables() {
        assertThat(
                        tenant.client()
                                .get("/v1/db/" + tenant.organization() + "/tables")
                                .body()
                                .toString())
                .isEqualTo("{\"tables\":[\"" + tenant.table() + "\"],\"message\":\"\"}");
    }

    @Test
    void takesTheHashOfTheConnectionStringInsteadOfASession() {
        String hash = HexFormat.of().formatHex(Tokens.sha256(tenant.reader().url()));
        String path = "/v1/db/" + tenant.organization() + "/sql";
        for (String header : new String[] {"Whdb-Sha256-Conn", "Whdb-Sha256-Connstr"}) {
            TestingClient machine = system.client().with(header, hash);
            assertThat(machine.post(path, Map.of("query", "SELECT 7")).text()).contains("[[7]]");
            assertThat(machine.get("/v1/me").status()).isEqualTo(401);
            assertThat(
                            machine.get("/v1/organizations/" + tenant.organization() + "/members")
                                    .status())
                    .isEqualTo(401);
        }
        TestingClient wrong =
                system.client().with("Whdb-Sha256-Conn", TestingTenant.otherThan(hash));
        assertThat(wrong.post(path, Map.of("query", "SELECT 7")).status()).isEqualTo(401);
        TestingTenant other =
                TestingTenant.of(system, "query-other@example.org", "stripe_customer_v1");
        assertThat(
                        system.client()
                                .with("Whdb-Sha256-Conn", hash)
                                .post(
                                        "/v1/db/" + other.organization() + "/sql",
                                        Map.of("query", "SELECT 7"))
                                .status())
                .isEqualTo(401);
    }

    @Test
    void runsQueriesOfAddresses() {
        String encoded =
                Base64.getUrlEncoder()
                        .encodeToString("SELECT '>>>???'".getBytes(StandardCharsets.UTF_8));
        String path = "/v1/db/run_sql?org_identifier=" + tenant.organization();

        assertThat(tenant.client().get(path + "&query=SELECT%208").text()).contains("[[8]]");
        assertThat(tenant.client().get(path + "&query_base64=" + encoded).text())
                .contains("[[\">>>???\"]]");
        assertThat(
                        tenant.client()
                                .post(
                                        "/v1/db/run_sql",
                                        Map.of(
                                                "org_identifier",
                                                "" + tenant.organization(),
                                                "query",
                                                "SELECT 9"))
                                .text())
                .contains("[[9]]");
        assertThat(tenant.client().get(path).status()).isEqualTo(400);
        assertThat(tenant.client().get(path + "&query=a&query_base64=YQ").status()).isEqualTo(400);
        assertThat(tenant.client().get(path + "&query_base64=!").status()).isEqualTo(400);
    }
}

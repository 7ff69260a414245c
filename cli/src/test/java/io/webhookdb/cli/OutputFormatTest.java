package io.webhookdb.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.webhookdb.cli.TestingCli.Run;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Every kind of answer in every format: what is shown, where, and to the last digit. */
class OutputFormatTest {
    private static final String LIST =
            """
            {"object":"list","message":"Two targets.","display_headers":
              [["opaque_id","Id"],["last_synced_at","Last Synced"],["page.size","page.size"],["gone","Gone"]],
             "items":[
              {"opaque_id":"syt_1","last_synced_at":null,"page.size":9007199254740993,"extra":[1]},
              {"opaque_id":"syt_22","last_synced_at":"now","page.size":2000000000,"extra":{"a":1.50}}]}\
            """;
    private static final String EMPTY_LIST =
            "{\"message\":\"Nothing yet.\",\"items\":[],\"display_headers\":[[\"id\",\"Id\"]]}";
    private static final String SINGLE =
            """
            {"email":"ada@example.com","roles":"Acme: admin\\nOther: member","used":12345678,"none":null,
             "message":"Hello.","display_headers":
              [["email","Email"],["roles","Roles"],["used","Used"],["none","None"],["absent","Absent"]]}\
            """;
    private static final String BLOCKS =
            """
            {"blocks":[{"type":"line","value":"Yours:"},{"type":"line","value":""},
              {"type":"table","value":{"headers":["Name","Key"],"rows":[["Acme","acme"],["B",null]]}},
              {"type":"picture","value":"?"},{"type":"line","value":null}]}\
            """;
    private static final String ROWS =
            """
            {"headers":["user_id","price","doc","note","user_id"],"max_rows_reached":true,"rows":[
              [9007199254740993,1.50,{"b":[1,1e2],"a":12345678901234567890},null,true],
              [-2,0.0000001,[],"",false]]}\
            """;

    private final TestingApi api = TestingApi.start();
    private TestingCli cli;

    @BeforeEach
    void logIn(@TempDir Path home) {
        cli = new TestingCli(home, api.address()).loggedIn();
    }

    @AfterEach
    void stop() {
        api.assertSatisfied();
        api.close();
    }

    private Run list(String answer, String... flags) {
        api.expectGet("/v1/organizations/7/sync_targets/db").answers(answer);
        return run(flags, "dbsync", "list");
    }

    private Run single(String... flags) {
        api.expectGet("/v1/me").answers(SINGLE);
        return run(flags, "auth", "whoami");
    }

    private Run blocks(String... flags) {
        api.expectGet("/v1/me/organization_memberships?active_org_identifier=acme_corp")
                .answers(BLOCKS);
        return run(flags, "org", "list");
    }

    private Run rows(String... flags) {
        api.expectPost("/v1/db/7/sql").with("{\"query\":\"select 1\"}").answers(ROWS);
        return run(flags, "db", "sql", "select 1");
    }

    private Run run(String[] flags, String... words) {
        String[] line = new String[words.length + flags.length];
        System.arraycopy(words, 0, line, 0, words.length);
        System.arraycopy(flags, 0, line, words.length, flags.length);
        Run run = cli.run(line);
        assertThat(run.exitCode()).isZero();
        return run;
    }

    @Test
    void listsInColumns() {
        Run run = list(LIST);
        assertThat(run.out())
                .isEqualTo(
                        """
                        Two targets.

                        ID      LAST SYNCED  PAGE SIZE         GONE
                        syt_1   -            9007199254740993  -
                        syt_22  now          2000000000        -
                        """);
        assertThat(run.err()).isEmpty();
    }

    @Test
    void listsNothingBelowTheMessageWhenThereIsNothing() {
        assertThat(list(EMPTY_LIST).out()).isEqualTo("Nothing yet.\n");
    }

    @Test
    void listsAsJsonWithTheMessageAside() {
        Run run = list(LIST, "-f", "json");
        assertThat(run.out())
                .isEqualTo(
                        """
                        [
                          {
                            "opaque_id": "syt_1",
                            "last_synced_at": null,
                            "page.size": 9007199254740993,
                            "extra": [
                              1
                            ]
                          },
                          {
                            "opaque_id": "syt_22",
                            "last_synced_at": "now",
                            "page.size": 2000000000,
                            "extra": {
                              "a": 1.50
                            }
                          }
                        ]
                        """);
        assertThat(run.err()).isEqualTo("Two targets.\n");
    }

    @Test
    void listsAsCsv() {
        Run run = list(LIST, "--format=csv");
        assertThat(run.out())
                .isEqualTo(
                        """
                        Id,Last Synced,page.size,Gone
                        syt_1,,9007199254740993,
                        syt_22,now,2000000000,
                        """);
        assertThat(run.err()).isEqualTo("Two targets.\n");
    }

    @Test
    void listsRawAsReceived() {
        Run run = list(LIST, "-f", "RAW");
        assertThat(run.out()).isEqualTo(LIST + "\n");
        assertThat(run.err()).isEmpty();
    }

    @Test
    void listsWithoutHeadersUnderTheFieldsOwnNames() {
        assertThat(list("{\"items\":[{\"a\":1},{\"b_c\":2}]}").out())
                .isEqualTo("A  B C\n1  -\n-  2\n");
    }

    @Test
    void leavesMessagesOutWhenQuiet() {
        assertThat(list(LIST, "--quiet").out()).startsWith("ID ");
        assertThat(list(LIST, "-q", "-f", "json").err()).isEmpty();
        assertThat(list(EMPTY_LIST, "-q").out()).isEmpty();
    }

    @Test
    void printsTablesAndFixturesEvenWhenQuiet() {
        api.expectGet("/v1/db/7/tables").answers("{\"tables\":[\"a\",\"b\"],\"message\":\"Hint\"}");
        assertThat(cli.run("db", "tables", "-q").out()).isEqualTo("a\nb\n");
        api.expectGet("/v1/services/s/fixtures")
                .answers("{\"schema_sql\":\"CREATE TABLE x ();\",\"message\":\"Hint\"}");
        assertThat(cli.run("-q", "fixtures", "s"))
                .isEqualTo(new Run(0, "CREATE TABLE x ();\n", ""));
    }

    @Test
    void printsTablesInEveryFormat() {
        String tables = "{\"tables\":[\"a\",\"b\"],\"message\":\"\"}";
        for (String[] expected :
                new String[][] {
                    {"table", "a\nb\n"},
                    {"json", "[\n  \"a\",\n  \"b\"\n]\n"},
                    {"csv", "tables\na\nb\n"},
                    {"raw", tables + "\n"}
                }) {
            api.expectGet("/v1/db/7/tables").answers(tables);
            assertThat(cli.run("db", "tables", "-f", expected[0]).out()).isEqualTo(expected[1]);
        }
    }

    @Test
    void showsASingleObjectLineByLine() {
        assertThat(single().out())
                .isEqualTo(
                        """
                        Hello.

                        Email  ada@example.com
                        Roles  Acme: admin
                               Other: member
                        Used   12345678
                        None   -
                        """);
    }

    @Test
    void showsASingleObjectAsJsonWithItsMessageButWithoutHeaders() {
        assertThat(single("-f", "json").out())
                .isEqualTo(
                        """
                        {
                          "email": "ada@example.com",
                          "roles": "Acme: admin\\nOther: member",
                          "used": 12345678,
                          "none": null,
                          "message": "Hello."
                        }
                        """);
    }

    @Test
    void showsASingleObjectAsCsv() {
        assertThat(single("-f", "csv").out())
                .isEqualTo(
                        """
                        Email,Roles,Used,None
                        ada@example.com,"Acme: admin
                        Other: member",12345678,
                        """);
    }

    @Test
    void showsBlocksInTheirOrder() {
        assertThat(blocks().out()).isEqualTo("Yours:\n\nName  Key\nAcme  acme\nB     -\n\n");
    }

    @Test
    void showsTheTablesOfBlocksAsCsv() {
        assertThat(blocks("-f", "csv").out()).isEqualTo("Name,Key\nAcme,acme\nB,\n");
    }

    @Test
    void showsALoneLineAsCsv() {
        api.expectPost("/v1/organizations/7/service_integrations/svi_1/info")
                .with("{\"field\":\"url\"}")
                .answers("{\"blocks\":[{\"type\":\"line\",\"value\":\"https://x.co/a,b\"}]}");
        assertThat(cli.run("integrations", "info", "svi_1", "-f", "url", "--format", "csv").out())
                .isEqualTo("\"https://x.co/a,b\"\n");
    }

    @Test
    void drawsQueryResultsInABoxAndSaysThatTheyWereCut() {
        assertThat(rows().out())
                .isEqualTo(
                        """
                        +------------------+-----------+-----------------------------------------+--------+---------+
                        | USER ID          | PRICE     | DOC                                     | NOTE   | USER ID |
                        +------------------+-----------+-----------------------------------------+--------+---------+
                        | 9007199254740993 | 1.50      | {"b":[1,1E+2],"a":12345678901234567890} | <null> | true    |
                        | -2               | 0.0000001 | []                                      |        | false   |
                        +------------------+-----------+-----------------------------------------+--------+---------+
                        Results have been truncated to 2 rows.
                        """);
    }

    @Test
    void givesQueryResultsAsObjectsWithDistinctNames() {
        Run run = rows("-f", "json");
        assertThat(run.out())
                .contains("\"user_id\": 9007199254740993", "\"price\": 1.50", "\"user_id_2\": true")
                .contains("\"a\": 12345678901234567890");
        assertThat(run.err()).isEqualTo("Results have been truncated to 2 rows.\n");
    }

    @Test
    void tellsNullFromBlankInCsv() {
        Run run = rows("-f", "csv", "--quiet");
        assertThat(run.out())
                .isEqualTo(
                        """
                        user_id,price,doc,note,user_id
                        9007199254740993,1.50,"{""b"":[1,1E+2],""a"":12345678901234567890}",,true
                        -2,0.0000001,[],"",false
                        """);
        assertThat(run.err()).contains("truncated");
    }

    @Test
    void acceptsQueriesWithoutColumnsOrRows() {
        for (String answer :
                new String[] {
                    "{\"headers\":null,\"rows\":null,\"max_rows_reached\":false}",
                    "{\"headers\":[],\"rows\":[],\"max_rows_reached\":false}"
                }) {
            api.expectPost("/v1/db/7/sql").with("{\"query\":\"x\"}").answers(answer);
            assertThat(cli.run("db", "sql", "x")).isEqualTo(new Run(0, "", ""));
        }
    }

    @Test
    void showsEscapeSequencesInRowsInsteadOfObeyingThem() {
        api.expectPost("/v1/db/7/sql")
                .with("{\"query\":\"x\"}")
                .answers("{\"headers\":[\"h\"],\"rows\":[[\"\\u001b]0;evil\\u0007\"]]}");
        assertThat(cli.run("db", "sql", "x").out())
                .contains("\\u001b]0;evil\\u0007")
                .doesNotContain("\u001b");
    }

    @Test
    void coloursOnATerminalOnly() {
        cli.onColourTerminal();
        assertThat(rows().out()).contains("\u001b[1mPRICE\u001b[0m", "\u001b[2m<null>\u001b[0m");
        assertThat(rows("--no-color").out()).doesNotContain("\u001b");
        assertThat(rows("-f", "json").out()).doesNotContain("\u001b");
        assertThat(list(LIST).out()).contains("\u001b[1mLAST SYNCED\u001b[0m");
    }

    @Test
    void coloursElsewhereWhenAskedTo() {
        assertThat(rows().out()).doesNotContain("\u001b");
        assertThat(rows("--color").out()).contains("\u001b[1mPRICE");
    }
}

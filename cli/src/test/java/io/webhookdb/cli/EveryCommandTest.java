package io.webhookdb.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.webhookdb.cli.TestingCli.Run;
import io.webhookdb.cli.command.CommandTree;
import io.webhookdb.cli.terminal.PipedTerminal;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import picocli.CommandLine;

/** Every command sends the request of the contract and shows the answer. */
class EveryCommandTest {
    private static final String ORG = "/v1/organizations/7";
    private static final String FILE = "src/test/resources/acme-order.yaml";
    private static final String PAYLOAD = "src/test/resources/acme-order.json";
    private static final String MESSAGE = "{\"message\":\"Done as asked.\"}";
    private static final String STEP =
            """
            {"message":"","needs_input":false,"prompt":"","prompt_is_secret":false,"post_to_url":"",
             "post_params":{},"post_params_value_key":"","complete":true,"output":"Done as asked.",
             "error_code":"","extras":{}}\
            """;
    private static final String LIST =
            """
            {"object":"list","items":[{"id":"x_1","url":"Done as asked."}],"message":"",
             "display_headers":[["id","Id"],["url","Url"]]}\
            """;
    private static final String SINGLE =
            """
            {"name":"Done as asked.","message":"","display_headers":[["name","Name"]]}\
            """;
    private static final String BLOCKS =
            """
            {"blocks":[{"type":"line","value":"Done as asked."}]}\
            """;
    private static final String ROWS =
            """
            {"headers":["a_b"],"rows":[["Done as asked."]],"max_rows_reached":false}\
            """;
    private static final String ORGANIZATION =
            """
            {"id":8,"name":"Done as asked.","key":"new_org","message":"Welcome."}\
            """;

    /**
     * @param line the command line, words apart by blanks; {@code ~} stands for a blank in a word
     * @param request method and path
     * @param body what is sent; blank for nothing
     * @param answer what comes back
     */
    record Case(String line, String request, String body, String answer) {
        String[] words() {
            return Stream.of(line.split(" ")).map(w -> w.replace('~', ' ')).toArray(String[]::new);
        }

        @Override
        public String toString() {
            return line;
        }
    }

    private static Case get(String line, String path, String answer) {
        return new Case(line, "GET " + path, "", answer);
    }

    private static Case post(String line, String path, String body, String answer) {
        return new Case(line, "POST " + path, body, answer);
    }

    static List<Case> cases() {
        List<Case> cases = new ArrayList<>();
        cases.addAll(people());
        cases.addAll(integrations());
        cases.addAll(database());
        cases.addAll(outward());
        cases.addAll(saved());
        cases.addAll(tokensAndAudit());
        return cases;
    }

    private static List<Case> people() {
        return List.of(
                get("auth whoami", "/v1/me", SINGLE),
                post("auth logout", "/v1/auth/logout", "", MESSAGE),
                get(
                        "org list",
                        "/v1/me/organization_memberships?active_org_identifier=acme_corp",
                        BLOCKS),
                get("org activate New~Org", "/v1/organizations/-?org=New%20Org", ORGANIZATION),
                get("org activate --org x", "/v1/organizations/-?org=x", ORGANIZATION),
                post(
                        "org create New",
                        "/v1/organizations/create",
                        "{\"name\":\"New\"}",
                        ORGANIZATION),
                post(
                        "org create -n New",
                        "/v1/organizations/create",
                        "{\"name\":\"New\"}",
                        ORGANIZATION),
                post(
                        "org join join-12345678",
                        "/v1/organizations/join",
                        "{\"invitation_code\":\"join-12345678\"}",
                        "{\"email\":\"a@b.co\",\"status\":\"member\",\"message\":\"\",\"organization\":"
                                + ORGANIZATION
                                + "}"),
                get("org members", ORG + "/members", LIST),
                get(
                        "organizations members -o Big~Org",
                        "/v1/organizations/Big%20Org/members",
                        LIST),
                get("org members --org=a/b?c", "/v1/organizations/a%2Fb%3Fc/members", LIST),
                post("org invite b@c.co", ORG + "/invite", "{\"email\":\"b@c.co\"}", MESSAGE),
                post(
                        "org invite --username b@c.co -r admin",
                        ORG + "/invite",
                        "{\"email\":\"b@c.co\",\"role_name\":\"admin\"}",
                        MESSAGE),
                post(
                        "org remove b@c.co",
                        ORG + "/remove_member",
                        "{\"email\":\"b@c.co\"}",
                        MESSAGE),
                post(
                        "org changerole --usernames b@c.co,d@e.co --role admin",
                        ORG + "/change_roles",
                        "{\"emails\":\"b@c.co,d@e.co\",\"role_name\":\"admin\"}",
                        MESSAGE),
                post(
                        "org update --field name --value Other~Name",
                        ORG + "/update",
                        "{\"field\":\"name\",\"value\":\"Other Name\"}",
                        MESSAGE),
                post("org close", ORG + "/close", "{}", STEP),
                get("subscription info", ORG + "/subscriptions", SINGLE),
                get("subscription plans", ORG + "/subscriptions/plans", LIST),
                post(
                        "subscription edit --plan monthly",
                        ORG + "/subscriptions/open_portal",
                        "{\"identifier\":\"7\",\"plan\":\"monthly\"}",
                        "{\"url\":\"Done as asked.\"}"));
    }

    private static List<Case> integrations() {
        String one = ORG + "/service_integrations/svi_1";
        return List.of(
                get("services list", ORG + "/services", LIST),
                get("service list", ORG + "/services", LIST),
                get("services list --totals", ORG + "/services/totals", LIST),
                post(
                        "services define " + FILE,
                        ORG + "/service_definitions/define",
                        "{\"definition\":\"service: acme_order_v1\\n\"}",
                        MESSAGE),
                post(
                        "services check " + FILE,
                        ORG + "/service_definitions/check",
                        "{\"definition\":\"service: acme_order_v1\\n\"}",
                        MESSAGE),
                post(
                        "services check " + FILE + " --fixtures src/test/resources/acme-order",
                        ORG + "/service_definitions/check",
                        """
                        {"definition":"service: acme_order_v1\\n",
                         "fixtures":{"paid.json":"{\\"id\\": 1}\\n"}}\
                        """,
                        MESSAGE),
                post(
                        "services try "
                                + FILE
                                + " --payload "
                                + PAYLOAD
                                + " --header X-Kind:~order",
                        ORG + "/service_definitions/try",
                        """
                        {"definition":"service: acme_order_v1\\n","payload":"{\\"id\\": 1}\\n",
                         "headers":{"X-Kind":"order"}}\
                        """,
                        BLOCKS),
                post(
                        "services infer " + PAYLOAD + " " + PAYLOAD + " --service acme_order_v1",
                        ORG + "/service_definitions/infer",
                        """
                        {"service":"acme_order_v1","samples":["{\\"id\\": 1}\\n","{\\"id\\": 1}\\n"]}\
                        """,
                        "{\"definition\":\"Done as asked.\",\"message\":\"\"}"),
                get(
                        "services show acme_order_v1",
                        ORG + "/service_definitions/acme_order_v1",
                        "{\"definition\":\"Done as asked.\",\"message\":\"\"}"),
                post(
                        "services undefine acme_order_v1",
                        ORG + "/service_definitions/acme_order_v1/delete",
                        "{}",
                        MESSAGE),
                post(
                        "integrations create stripe_v1",
                        ORG + "/service_integrations/create",
                        "{\"service_name\":\"stripe_v1\"}",
                        STEP),
                post(
                        "integration create -s stripe_v1 --confirm",
                        ORG + "/service_integrations/create",
                        "{\"service_name\":\"stripe_v1\",\"guard_confirm\":\"y\"}",
                        STEP),
                get("integrations list", ORG + "/service_integrations", LIST),
                post("integrations setup svi_1", one + "/setup", "", STEP),
                post("integrations reset -i svi_1", one + "/reset", "", STEP),
                post("integrations info svi_1", one + "/info", "{\"field\":\"\"}", BLOCKS),
                post(
                        "integrations info svi_1 -f url",
                        one + "/info",
                        "{\"field\":\"url\"}",
                        BLOCKS),
                get("integrations stats svi_1", one + "/stats", SINGLE),
                get("integrations stats svi_1 -m 30", one + "/stats/minutes?minutes=30", LIST),
                get("integrations stats svi_1 --requests", one + "/stats/requests", LIST),
                get("dead-letters list", ORG + "/dead_letters", LIST),
                get(
                        "dead-letters list svi_1 --reason NOT_JSON --limit 5",
                        ORG
                                + "/dead_letters?service_integration_identifier=svi_1"
                                + "&reason=NOT_JSON&limit=5",
                        LIST),
                get("dead-letter show dlt_1", ORG + "/dead_letters/dlt_1", SINGLE),
                post("dead-letters retry dlt_1", ORG + "/dead_letters/dlt_1/retry", "{}", MESSAGE),
                post(
                        "dead-letters retry --all --reason NOT_JSON",
                        ORG + "/dead_letters/retry",
                        "{\"reason\":\"NOT_JSON\"}",
                        MESSAGE),
                post(
                        "integrations roll-key svi_1",
                        one + "/roll_api_key",
                        "",
                        "{\"webhookdb_api_key\":\"Done as asked.\"}"),
                post(
                        "integrations connect front --claim abc",
                        ORG + "/service_integrations/connect",
                        "{\"provider\":\"front\",\"claim\":\"abc\"}",
                        MESSAGE),
                post("integrations register svi_1", one + "/register", "", MESSAGE),
                post("integrations delete svi_1", one + "/delete", "{\"confirm\":\"\"}", MESSAGE),
                post(
                        "integrations delete --confirm t_1 svi_1",
                        one + "/delete",
                        "{\"confirm\":\"t_1\"}",
                        MESSAGE),
                post("backfill svi_1", one + "/backfill", "", STEP),
                post("backfill -i svi_1", one + "/backfill", "", STEP),
                post("backfill --full svi_1", one + "/backfill", "{\"incremental\":false}", STEP),
                post(
                        "backfill svi_1 --since 2026-01-01 --until 2026-02-01T00:00:00Z",
                        one + "/backfill/job",
                        """
                        {"criteria":{"since":"2026-01-01","until":"2026-02-01T00:00:00Z"}}\
                        """,
                        MESSAGE),
                post(
                        "backfill svi_1 --parent pub_1 --parent pub_2"
                                + " --criterion publication_slugs=a,b",
                        one + "/backfill/job",
                        """
                        {"criteria":{"parent_ids":["pub_1","pub_2"],"publication_slugs":["a","b"]}}\
                        """,
                        MESSAGE),
                get("backfill list svi_1", one + "/backfill/job", LIST),
                post(
                        "backfill cancel svi_1 --job bfj_1",
                        one + "/backfill/job/bfj_1/cancel",
                        "",
                        MESSAGE),
                post("backfill reset svi_1", one + "/backfill/reset", "", STEP),
                post("replay", ORG + "/replay", "{}", MESSAGE),
                post(
                        "replay svi_1 --everything --requests rejected --event 01-a",
                        ORG + "/replay",
                        """
                        {"service_integration_identifier":"svi_1","requests":"rejected",
                        "event_id":"01-a","everything":true}\
                        """,
                        MESSAGE),
                get("replay list", ORG + "/replays", LIST),
                get("replay show rpl_1", ORG + "/replays/rpl_1", SINGLE),
                post("replay cancel rpl_1", ORG + "/replays/rpl_1/cancel", "{}", MESSAGE),
                post(
                        "replay svi_1 --hours 2 -b 2026-01-31T12:00:00Z -a 2026-01-31T10:00:00Z",
                        ORG + "/replay",
                        """
                        {"service_integration_identifier":"svi_1","hours":2,
                         "before":"2026-01-31T12:00:00Z","after":"2026-01-31T10:00:00Z"}\
                        """,
                        MESSAGE));
    }

    private static List<Case> database() {
        return List.of(
                get(
                        "db connection",
                        "/v1/db/7/connection",
                        "{\"connection_url\":\"Done as asked.\"}"),
                get(
                        "db tables",
                        "/v1/db/7/tables",
                        "{\"tables\":[\"Done as asked.\"],\"message\":\"\"}"),
                post("db sql select~1", "/v1/db/7/sql", "{\"query\":\"select 1\"}", ROWS),
                post("db sql -u select~1", "/v1/db/7/sql", "{\"query\":\"select 1\"}", ROWS),
                post("db roll-credentials", "/v1/db/7/roll_credentials", "", MESSAGE),
                post(
                        "db roll-credentials --confirm",
                        "/v1/db/7/roll_credentials",
                        "{\"guard_confirm\":\"y\"}",
                        MESSAGE),
                post(
                        "db fdw --views",
                        "/v1/db/7/fdw",
                        """
                        {"message_fdw":false,"message_views":true,"message_all":false,
                         "remote_server_name":"webhookdb_remote","fetch_size":"50000",
                         "local_schema":"webhookdb_remote","view_schema":"webhookdb"}\
                        """,
                        "{\"fdw_sql\":\"\",\"views\":{},\"message\":\"Done as asked.\"}"),
                post(
                        "db fdw --raw --fdw --all --remote r --fetch 5 --into-schema i"
                                + " --views-schema v",
                        "/v1/db/7/fdw",
                        """
                        {"message_fdw":true,"message_views":false,"message_all":true,
                         "remote_server_name":"r","fetch_size":"5","local_schema":"i","view_schema":"v"}\
                        """,
                        "{\"fdw_sql\":\"Done as asked.\",\"message\":\"\"}"),
                post(
                        "integrations update svi_1 --deletion hard",
                        ORG + "/service_integrations/svi_1/update",
                        "{\"deletion\":\"hard\"}",
                        MESSAGE),
                post(
                        "integrations update svi_1 --poll-every 60s",
                        ORG + "/service_integrations/svi_1/update",
                        "{\"poll_every\":\"60s\"}",
                        MESSAGE),
                post(
                        "db rename-table svi_1 -n orders",
                        ORG + "/service_integrations/svi_1/rename_table",
                        "{\"new_name\":\"orders\"}",
                        MESSAGE),
                post(
                        "db migrations start -a postgres://a",
                        "/v1/db/7/migrate_database",
                        "{\"admin_url\":\"postgres://a\"}",
                        MESSAGE),
                post(
                        "db migrations start -a postgres://a -r postgres://r",
                        "/v1/db/7/migrate_database",
                        "{\"admin_url\":\"postgres://a\",\"readonly_url\":\"postgres://r\"}",
                        MESSAGE),
                get("db migrations list", "/v1/db/7/migrations", LIST),
                get(
                        "fixtures stripe_v1",
                        "/v1/services/stripe_v1/fixtures",
                        "{\"schema_sql\":\"Done as asked.\"}"),
                get("debug statusz", "/statusz", "{\"env\":\"Done as asked.\"}"));
    }

    private static List<Case> outward() {
        List<Case> cases = new ArrayList<>();
        cases.add(
                post(
                        "webhooks create svi_1 --url https://x.co --secret s",
                        ORG + "/webhook_subscriptions/create",
                        """
                        {"webhook_secret":"s","url":"https://x.co","service_integration_identifier":"svi_1"}\
                        """,
                        MESSAGE));
        cases.add(get("notifications list", ORG + "/webhook_subscriptions", LIST));
        cases.add(
                post(
                        "webhooks update wsb_1 --on inserted,deleted --where a~eq~1 --rate-limit 5",
                        ORG + "/webhook_subscriptions/wsb_1/update",
                        """
                        {"event_types":["inserted","deleted"],"where":["a eq 1"],"rate_limit":5}\
                        """,
                        MESSAGE));
        cases.add(get("webhooks show wsb_1", ORG + "/webhook_subscriptions/wsb_1", SINGLE));
        cases.add(
                post(
                        "webhooks roll-secret wsb_1 --secret s --overlap-hours 2",
                        ORG + "/webhook_subscriptions/wsb_1/roll_secret",
                        "{\"webhook_secret\":\"s\",\"overlap_hours\":2}",
                        MESSAGE));
        cases.add(
                post(
                        "webhooks pause wsb_1",
                        ORG + "/webhook_subscriptions/wsb_1/pause",
                        "{}",
                        MESSAGE));
        cases.add(
                post(
                        "webhooks resume wsb_1",
                        ORG + "/webhook_subscriptions/wsb_1/resume",
                        "{}",
                        MESSAGE));
        cases.add(
                get(
                        "webhooks deliveries --subscription wsb_1 --limit 5",
                        ORG + "/webhook_deliveries?subscription=wsb_1&limit=5",
                        LIST));
        cases.add(get("webhooks missed", ORG + "/webhook_deliveries/missed", LIST));
        cases.add(
                get(
                        "webhooks missed wsb_1",
                        ORG + "/webhook_deliveries/missed?subscription=wsb_1",
                        LIST));
        cases.add(
                get(
                        "webhooks deliveries wsb_1",
                        ORG + "/webhook_deliveries?subscription=wsb_1",
                        LIST));
        cases.add(get("webhooks recoveries", ORG + "/webhook_deliveries/recoveries", LIST));
        cases.add(
                post(
                        "webhooks redeliver wda_7",
                        ORG + "/webhook_deliveries/wda_7/redeliver",
                        "{}",
                        MESSAGE));
        cases.add(
                post(
                        "webhooks recover wsb_1 --since 6h",
                        ORG + "/webhook_subscriptions/wsb_1/recover",
                        "{\"since\":\"6h\"}",
                        MESSAGE));
        cases.add(
                post(
                        "webhook test wsb_1",
                        ORG + "/webhook_subscriptions/wsb_1/test",
                        "{}",
                        MESSAGE));
        cases.add(
                post(
                        "notification delete -n wsb_1",
                        ORG + "/webhook_subscriptions/wsb_1/delete",
                        "{}",
                        MESSAGE));
        for (String kind : List.of("db", "http")) {
            cases.addAll(sync(kind + "sync ", ORG + "/sync_targets/" + kind));
        }
        cases.add(get("sync list", ORG + "/sync_targets/db", LIST));
        cases.add(
                post(
                        "error-handler create --url https://x.co",
                        ORG + "/error_handlers/create",
                        "{\"url\":\"https://x.co\"}",
                        MESSAGE));
        cases.add(get("error-handlers list", ORG + "/error_handlers", LIST));
        cases.add(
                post(
                        "error-handler delete oeh_1",
                        ORG + "/error_handlers/oeh_1/delete",
                        "{}",
                        MESSAGE));
        return cases;
    }

    private static List<Case> sync(String group, String path) {
        return List.of(
                post(
                        group + "create svi_1 -u https://u:p@x.co",
                        path + "/create",
                        """
                        {"service_integration_identifier":"svi_1","connection_url":"https://u:p@x.co",
                         "schema":"","table":""}\
                        """,
                        MESSAGE),
                post(
                        group
                                + "create -i svi_1 --connection-url u --schema s --table t"
                                + " --pagesize 10 --period 60",
                        path + "/create",
                        """
                        {"service_integration_identifier":"svi_1","connection_url":"u","schema":"s",
                         "table":"t","page_size":10,"period_seconds":60}\
                        """,
                        MESSAGE),
                get(group + "list", path, LIST),
                post(
                        group + "update syt_1 --period 60",
                        path + "/syt_1/update",
                        "{\"period_seconds\":60}",
                        MESSAGE),
                post(
                        group + "update -t syt_1 --schema= --table t --page-size 5",
                        path + "/syt_1/update",
                        "{\"schema\":\"\",\"table\":\"t\",\"page_size\":5}",
                        MESSAGE),
                post(
                        group + "update-creds syt_1 --user u -p p",
                        path + "/syt_1/update_credentials",
                        "{\"user\":\"u\",\"password\":\"p\"}",
                        MESSAGE),
                post(
                        group + "update-creds syt_1 -u u -p p --s3-key k --s3-secret s",
                        path + "/syt_1/update_credentials",
                        "{\"user\":\"u\",\"password\":\"p\",\"s3_key\":\"k\",\"s3_secret\":\"s\"}",
                        MESSAGE),
                post(
                        group + "update syt_1 --parallelism 4",
                        path + "/syt_1/update",
                        "{\"parallelism\":4}",
                        MESSAGE),
                post(group + "delete syt_1", path + "/syt_1/delete", "{\"confirm\":\"\"}", MESSAGE),
                post(group + "trigger syt_1", path + "/syt_1/sync", "{}", MESSAGE),
                post(
                        group
                                + "create --all -u u --columns a,b --drop c --hash d --data keep"
                                + " --deletes remove",
                        path + "/create",
                        """
                        {"service_integration_identifier":"org","connection_url":"u","schema":"",
                         "table":"","columns":["a","b"],"drop":["c"],"hash":["d"],"data":"keep",
                         "deletes":"remove"}\
                        """,
                        MESSAGE),
                post(
                        group + "update syt_1 --drop= --hash a",
                        path + "/syt_1/update",
                        "{\"drop\":[],\"hash\":[\"a\"]}",
                        MESSAGE),
                get(group + "status", path + "/status", LIST),
                get(group + "status syt_1", path + "/status?target=syt_1", LIST),
                post(group + "pause syt_1", path + "/syt_1/pause", "{}", MESSAGE),
                post(group + "resume syt_1", path + "/syt_1/resume", "{}", MESSAGE),
                post(group + "resync syt_1", path + "/syt_1/resync", "{}", MESSAGE));
    }

    private static List<Case> saved() {
        String queries = ORG + "/saved_queries";
        String views = ORG + "/saved_views";
        return List.of(
                post(
                        "saved-query create --description d --sql select~1",
                        queries + "/create",
                        "{\"description\":\"d\",\"sql\":\"select 1\",\"public\":false}",
                        MESSAGE),
                post(
                        "custom-query create -d d --sql select~1 --public",
                        queries + "/create",
                        "{\"description\":\"d\",\"sql\":\"select 1\",\"public\":true}",
                        MESSAGE),
                get("saved-queries list", queries, LIST),
                get("saved-query run svq_1", queries + "/svq_1/run", ROWS),
                post(
                        "saved-query info svq_1 --field sql",
                        queries + "/svq_1/info",
                        "{\"field\":\"sql\"}",
                        BLOCKS),
                post(
                        "saved-query update svq_1 --field public --value true",
                        queries + "/svq_1/update",
                        "{\"field\":\"public\",\"value\":\"true\"}",
                        MESSAGE),
                post(
                        "saved-query delete --saved-query svq_1",
                        queries + "/svq_1/delete",
                        "{}",
                        MESSAGE),
                post(
                        "saved-view create-or-replace --name v --sql select~1",
                        views + "/create_or_replace",
                        "{\"name\":\"v\",\"sql\":\"select 1\"}",
                        MESSAGE),
                post(
                        "view new -n v --sql select~1",
                        views + "/create_or_replace",
                        "{\"name\":\"v\",\"sql\":\"select 1\"}",
                        MESSAGE),
                get("views list", views, LIST),
                post("saved-view delete v", views + "/delete", "{\"name\":\"v\"}", MESSAGE));
    }

    private static List<Case> tokensAndAudit() {
        String tokens = ORG + "/api_tokens";
        return List.of(
                post(
                        "tokens create --name ci --scope read",
                        tokens,
                        "{\"name\":\"ci\",\"scope\":\"read\"}",
                        MESSAGE),
                post(
                        "token create -n ci -s write --expires-in-days 30",
                        tokens,
                        "{\"name\":\"ci\",\"scope\":\"write\",\"expires_in_days\":30}",
                        MESSAGE),
                get("tokens list", tokens, LIST),
                post("tokens revoke t1", tokens + "/t1/revoke", "", MESSAGE),
                get("audit list", ORG + "/audit_log", LIST),
                get("audit list -l 5 --before 9", ORG + "/audit_log?limit=5&before=9", LIST));
    }

    @ParameterizedTest
    @MethodSource("cases")
    void sendsTheRequestOfTheContractAndShowsTheAnswer(Case one, @TempDir Path home) {
        try (TestingApi api = TestingApi.start()) {
            TestingApi.Exchange exchange =
                    api.expect(one.request()).with(one.body()).answers(one.answer());
            if (one.request().endsWith("/statusz")) {
                exchange.withoutToken();
            }
            Run run = new TestingCli(home, api.address()).loggedIn().run(one.words());
            api.assertSatisfied();
            assertThat(run.err()).isEmpty();
            assertThat(run.out()).contains("Done as asked.");
            assertThat(run.exitCode()).isZero();
        }
    }

    @ParameterizedTest
    @MethodSource("cases")
    void takesGlobalFlagsBeforeAndAfterTheOtherWords(Case one, @TempDir Path home) {
        try (TestingApi api = TestingApi.start()) {
            TestingCli cli = new TestingCli(home, api.address()).loggedIn();
            for (List<String> words :
                    List.of(
                            joined(List.of("--debug"), List.of(one.words())),
                            joined(List.of(one.words()), List.of("--debug")))) {
                TestingApi.Exchange exchange =
                        api.expect(one.request()).with(one.body()).answers(one.answer());
                if (one.request().endsWith("/statusz")) {
                    exchange.withoutToken();
                }
                Run run = cli.loggedIn().run(words.toArray(String[]::new));
                assertThat(run.exitCode()).isZero();
                assertThat(run.err()).contains("> " + one.request().split(" ")[0]);
                assertThat(run.err()).doesNotContain(TestingApi.TOKEN);
            }
            api.assertSatisfied();
        }
    }

    private static List<String> joined(List<String> first, List<String> second) {
        List<String> all = new ArrayList<>(first);
        all.addAll(second);
        return all;
    }

    @Test
    void isCalledHereForEveryCommandThereIs() {
        Set<String> tested = new TreeSet<>();
        tested.addAll(Set.of("auth login", "org current", "completion", "docs manual", "version"));
        tested.addAll(Set.of("debug config", "debug readprefs", "debug setauth"));
        tested.add("listen");
        CommandLine tree = tree();
        cases().forEach(one -> tested.add(canonical(tree, one.words())));
        assertThat(tested).isEqualTo(leaves(tree, ""));
    }

    private static CommandLine tree() {
        PrintStream nothing = new PrintStream(OutputStream.nullOutputStream(), true);
        return CommandTree.build(
                List.of("docs"),
                Map.of(),
                new PipedTerminal(InputStream.nullInputStream(), nothing, nothing));
    }

    private static String canonical(CommandLine tree, String... words) {
        CommandLine at = tree;
        List<String> names = new ArrayList<>();
        for (String word : words) {
            CommandLine next = at.getSubcommands().get(word);
            if (next == null) {
                break;
            }
            names.add(next.getCommandName());
            at = next;
        }
        return String.join(" ", names);
    }

    private static Set<String> leaves(CommandLine command, String path) {
        Set<String> leaves = new TreeSet<>();
        Set<CommandLine> below = new LinkedHashSet<>(command.getSubcommands().values());
        for (CommandLine sub : below) {
            leaves.addAll(leaves(sub, (path + " " + sub.getCommandName()).strip()));
        }
        if (below.isEmpty() || command.getCommandSpec().userObject() instanceof Runnable) {
            leaves.add(path);
        }
        return leaves;
    }
}

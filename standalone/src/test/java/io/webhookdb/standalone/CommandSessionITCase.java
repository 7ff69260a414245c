package io.webhookdb.standalone;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/**
 * Every command of the contract's client, typed by people with organizations of their own, against
 * the whole system; and every answer they got, held against what the server says of itself.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class CommandSessionITCase {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    /** Commands that reach the server, and those beside them. */
    private static final List<String> COMMANDS =
            List.of(
                    "auth login",
                    "auth whoami",
                    "auth logout",
                    "org list",
                    "org activate",
                    "org create",
                    "org current",
                    "org join",
                    "org members",
                    "org invite",
                    "org remove",
                    "org changerole",
                    "org update",
                    "org close",
                    "services list",
                    "integrations create",
                    "integrations list",
                    "integrations setup",
                    "integrations reset",
                    "integrations info",
                    "integrations stats",
                    "integrations roll-key",
                    "integrations delete",
                    "backfill",
                    "backfill reset",
                    "db connection",
                    "db tables",
                    "db sql",
                    "db roll-credentials",
                    "db fdw",
                    "db rename-table",
                    "db migrations start",
                    "db migrations list",
                    "fixtures",
                    "webhooks create",
                    "webhooks list",
                    "webhooks test",
                    "webhooks delete",
                    "dbsync create",
                    "dbsync list",
                    "dbsync update",
                    "dbsync update-creds",
                    "dbsync delete",
                    "dbsync trigger",
                    "httpsync create",
                    "httpsync list",
                    "httpsync update",
                    "httpsync update-creds",
                    "httpsync delete",
                    "httpsync trigger",
                    "replay",
                    "error-handler create",
                    "error-handler list",
                    "error-handler delete",
                    "saved-query create",
                    "saved-query list",
                    "saved-query run",
                    "saved-query info",
                    "saved-query update",
                    "saved-query delete",
                    "saved-view create-or-replace",
                    "saved-view list",
                    "saved-view delete",
                    "subscription info",
                    "subscription plans",
                    "subscription edit",
                    "debug statusz",
                    "version",
                    "completion");

    @TempDir static Path folder;

    private final Set<String> typed = new ConcurrentSkipListSet<>();
    private final Queue<String> received = new ConcurrentLinkedQueue<>();
    private WholeSystem system;
    private ReadyFile ready;
    private RecordingProxy api;
    private HttpServer receiver;
    private String receiverUrl;

    @BeforeAll
    void start() throws IOException {
        receiver = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        receiver.createContext(
                "/",
                exchange -> {
                    received.add(exchange.getRequestURI().getPath());
                    exchange.getRequestBody().readAllBytes();
                    exchange.sendResponseHeaders(200, -1);
                    exchange.close();
                });
        receiver.start();
        receiverUrl = "http://127.0.0.1:" + receiver.getAddress().getPort();
        system = new WholeSystem(code -> {});
        StandaloneOptions options = StandaloneOptions.isolated(folder.resolve("data"));
        options.outboundAllow = "127.0.0.0/8";
        ready = system.start(options);
        api = new RecordingProxy(URI.create(ready.apiUrl()));
    }

    @AfterAll
    void stopAndJudge() throws IOException, InterruptedException {
        ServedDocument document;
        try {
            document = new ServedDocument(get(ready.apiUrl() + "/openapi.json"));
        } finally {
            api.close();
            receiver.stop(0);
            system.close();
        }
        assertThat(COMMANDS)
                .as("commands nobody typed")
                .allMatch(command -> typed.stream().anyMatch(line -> line.startsWith(command)));
        assertThat(api.recorded()).hasSizeGreaterThan(COMMANDS.size());
        assertThat(
                        api.recorded().stream()
                                .flatMap(answer -> document.problems(answer).stream())
                                .collect(Collectors.toSet()))
                .isEmpty();
        assertThat(api.recorded().stream().filter(answer -> answer.status() >= 500)).isEmpty();
    }

    @Test
    void leadsThroughLoginAndOrganizations() {
        TestingPerson ada = person("ada");
        ada.types("auth", "whoami").refused("not logged in");
        ada.answers(List.of("ada@example.org", "000000"), "auth", "login").succeeded();
        assertThat(ada.types("auth", "whoami").succeeded().out()).contains("ada@example.org");
        for (String format : new String[] {"table", "json", "csv", "raw"}) {
            ada.types("auth", "whoami", "--format", format).succeeded();
            ada.types("org", "members", "-f", format).succeeded();
        }
        assertThat(ada.types("org", "create", "Acme Corp").succeeded().out()).contains("acme_corp");
        assertThat(ada.types("org", "current").succeeded().out()).contains("Acme Corp (acme_corp)");
        ada.answers(List.of("Second"), "org", "create").succeeded();
        ada.types("org", "activate", "acme_corp").succeeded();
        assertThat(ada.types("org", "list").succeeded().out()).contains("acme_corp", "admin");

        String code =
                found(
                        "join-[0-9a-f]{8}",
                        ada.types("org", "invite", "bob@example.org").succeeded().out());
        TestingPerson bob = loggedIn("bob");
        assertThat(bob.types("org", "list").succeeded().out()).contains(code);
        bob.types("org", "join", code).succeeded();
        assertThat(bob.types("org", "current").out()).contains("acme_corp");
        bob.types("org", "invite", "carl@example.org").refused("admin");
        ada.types("org", "changerole", "-u", "bob@example.org", "-r", "admin").succeeded();
        ada.types("org", "update", "-f", "billing_email", "-v", "pay@example.org").succeeded();
        ada.types("org", "remove", "bob@example.org").succeeded();
        ada.types("org", "activate", "nonexistent").refused("nonexistent");
        ada.types("org", "close").succeeded();
        ada.types("org", "nonsense").misused();
        ada.types("auth", "whoami", "--format", "xml").misused();

        ada.types("auth", "logout").succeeded();
        ada.types("auth", "whoami").refused("not logged in");
    }

    @Test
    void replicatesAServiceAndQueriesIt() throws Exception {
        TestingPerson ada = loggedIn("replicator");
        assertThat(ada.types("services", "list").succeeded().out()).contains("stripe_charge_v1");
        assertThat(ada.types("integrations", "list").succeeded().out()).contains("no integrations");
        String told =
                ada.answers(List.of("whsec_x"), "integrations", "create", "stripe_charge_v1")
                        .succeeded()
                        .out();
        String id = found("svi_[a-z0-9]+", told);
        String table = found("stripe_charge_v1_[0-9a-f]{4}", told);
        ada.types("integrations", "create", "unknown_v9").refused("stripe_charge_v1");
        ada.types("integrations", "setup", id).succeeded();
        assertThat(ada.types("integrations", "info", id).succeeded().out()).contains(table);
        assertThat(ada.types("integrations", "info", "--field", "table", id).succeeded().out())
                .isEqualTo(table + "\n");
        assertThat(ada.types("integrations", "list", "-f", "csv").succeeded().out())
                .contains("stripe_charge_v1," + table + "," + id);
        assertThat(ada.types("integrations", "roll-key", id).succeeded().out()).startsWith("sk/");
        ada.types("integrations", "stats", id).succeeded();

        upsert(
                "replicator",
                id,
                "{\"object\":\"charge\",\"id\":\"ch_1\",\"amount\":9007199254740993,"
                        + "\"created\":1700000000}");
        await().atMost(PATIENCE)
                .until(
                        () ->
                                ada.types("db", "sql", "SELECT * FROM " + table)
                                        .out()
                                        .contains("ch_1"));
        assertThat(
                        ada.types("db", "sql", "-f", "csv", "SELECT data->'amount' a FROM " + table)
                                .succeeded()
                                .out())
                .contains("9007199254740993");

        assertThat(ada.types("db", "connection").succeeded().out()).startsWith("postgres");
        assertThat(ada.types("db", "tables").succeeded().out()).contains(table);
        ada.types("db", "sql", "SELEC").refused("syntax error");
        ada.types("db", "sql", "DELETE FROM " + table).refused("");
        assertThat(ada.types("db", "fdw", "--all").succeeded().out()).contains("CREATE SERVER");
        ada.types("db", "rename-table", "-n", "charges", id).succeeded();
        assertThat(ada.types("db", "tables").succeeded().out()).isEqualTo("charges\n");
        assertThat(ada.types("db", "migrations", "list").succeeded().err()).isEmpty();
        assertThat(ada.types("db", "migrations", "start").exitCode()).isEqualTo(2);
        ada.answers(List.of(""), "db", "roll-credentials").succeeded();
        assertThat(ada.types("fixtures", "stripe_charge_v1").succeeded().out())
                .contains("CREATE TABLE");
        ada.types("fixtures", "unknown_v9").refused("unknown_v9");

        ada.answers(List.of("sk_test_x"), "backfill", id).succeeded();
        ada.answers(List.of("sk_test_y"), "backfill", "reset", id).succeeded();
        assertThat(ada.types("replay", "--hours", "1").succeeded().out()).isNotBlank();
        ada.answers(List.of("whsec_y"), "integrations", "reset", id).succeeded();
        ada.types("integrations", "delete", "--confirm", "wrong", id).refused("");
        ada.types("integrations", "delete", "--confirm", "charges", id).succeeded();
        ada.types("integrations", "info", id).refused(id);
    }

    @Test
    void sendsRowsOnward() throws Exception {
        TestingPerson ada = loggedIn("sender");
        String told =
                ada.answers(List.of("whsec_x"), "integrations", "create", "stripe_customer_v1")
                        .succeeded()
                        .out();
        String integration = found("svi_[a-z0-9]+", told);
        String table = found("stripe_customer_v1_[0-9a-f]{4}", told);

        assertThat(ada.types("webhooks", "list").succeeded().out()).isNotBlank();
        ada.answers(
                        List.of("hooksecret"),
                        "webhooks",
                        "create",
                        "--url",
                        receiverUrl + "/hook",
                        integration)
                .succeeded();
        String hook = found("wsb_[a-z0-9]+", ada.types("webhooks", "list").succeeded().out());
        ada.types("webhooks", "test", hook).succeeded();
        await().atMost(PATIENCE).until(() -> received.contains("/hook"));
        ada.types("webhooks", "delete", hook).succeeded();
        ada.types("webhooks", "delete", hook).refused(hook);

        execute("CREATE DATABASE copies");
        String copies = ready.postgresUrl().replaceAll("/[^/]*$", "/copies");
        sync(ada, "dbsync", copies, integration, table, List.of(userOf(copies)));
        assertThat(received).doesNotContain("/sync");
        String batches = receiverUrl.replace("http://", "http://u:p@") + "/sync";
        sync(ada, "httpsync", batches, integration, table, List.of("u2", "p2"));
        assertThat(received).contains("/sync");

        ada.answers(List.of(receiverUrl + "/errors"), "error-handler", "create").succeeded();
        String handler = found("oeh_[a-z0-9]+", ada.types("error-handler", "list").out());
        ada.types("error-handler", "delete", handler).succeeded();
    }

    private void sync(
            TestingPerson person,
            String command,
            String url,
            String integration,
            String table,
            List<String> credentials) {
        assertThat(person.types(command, "list").succeeded().out()).isNotBlank();
        person.answers(List.of(url, "60"), command, "create", integration).succeeded();
        String target = found("syt_[a-z0-9]+", person.types(command, "list").succeeded().out());
        assertThat(person.types(command, "list", "-f", "json").succeeded().out())
                .contains("\"period_seconds\"")
                .doesNotContain(url);
        person.types(command, "update", "--period", "120", target).succeeded();
        person.answers(
                        credentials.size() == 2
                                ? credentials
                                : List.of(credentials.get(0), passwordOf(url)),
                        command,
                        "update-creds",
                        target)
                .succeeded();
        person.types(command, "trigger", target).succeeded();
        await().atMost(PATIENCE)
                .until(
                        () ->
                                !person.types(command, "list", "-f", "json")
                                        .out()
                                        .matches("(?s).*\"last_synced_at\"\\s*:\\s*null.*"));
        person.types(command, "delete", target).refused("");
        person.answers(List.of(table), command, "delete", target).succeeded();
        person.types(command, "trigger", target).refused(target);
    }

    @Test
    void keepsQueriesAndViews() {
        TestingPerson ada = loggedIn("analyst");
        String id =
                found(
                        "svq_[a-z0-9]+",
                        ada.answers(
                                        List.of("Answer", "SELEC 42", "SELECT 42 AS answer"),
                                        "saved-query",
                                        "create")
                                .succeeded()
                                .out());
        assertThat(ada.types("saved-query", "run", id).succeeded().out()).contains("ANSWER", "42");
        assertThat(ada.types("saved-query", "info", id).succeeded().out()).contains("Answer");
        ada.types("saved-query", "update", "-f", "public", "-v", "true", id).succeeded();
        assertThat(ada.types("saved-query", "list").succeeded().out()).contains(id, "true");
        ada.types("saved-query", "delete", id).succeeded();
        ada.types("saved-query", "run", id).refused(id);

        ada.answers(List.of("answers", "SELECT 42 AS a"), "saved-view", "create-or-replace")
                .succeeded();
        assertThat(ada.types("saved-view", "list").succeeded().out()).contains("answers");
        assertThat(ada.types("db", "sql", "SELECT * FROM answers").succeeded().out())
                .contains("42");
        ada.types("saved-view", "delete", "answers").succeeded();

        assertThat(ada.types("subscription", "info").succeeded().out()).contains("Unlimited");
        ada.types("subscription", "plans").succeeded();
        ada.types("subscription", "edit").refused("billed");
        assertThat(ada.types("debug", "statusz").succeeded().out()).contains("version");
        assertThat(ada.types("version").succeeded().out()).isNotBlank();
        assertThat(ada.types("completion", "bash").succeeded().out()).contains("complete ");
    }

    /** Nobody is there to answer: no command may go on asking, or do what needs consent. */
    @Test
    void endsWhenItsQuestionsAreNotAnswered() {
        TestingPerson ada = loggedIn("absent");
        for (String command :
                new String[] {
                    "org create",
                    "org join",
                    "org invite",
                    "integrations create stripe_charge_v1",
                    "db sql",
                    "db roll-credentials",
                    "webhooks create",
                    "saved-query create",
                    "saved-view create-or-replace",
                    "error-handler create"
                }) {
            TestingPerson.Outcome outcome = ada.types(command.split(" "));
            assertThat(outcome.exitCode()).as(command).isNotZero();
            assertThat(outcome.err()).as(command).isNotBlank();
        }
    }

    private TestingPerson loggedIn(String name) {
        TestingPerson person = person(name);
        person.types("auth", "login", "--username", name + "@example.org", "--token", "")
                .exitCode();
        person.answers(List.of("000000"), "auth", "login", name + "@example.org").succeeded();
        return person;
    }

    private TestingPerson person(String name) {
        return new TestingPerson(folder.resolve(name), api.url(), typed);
    }

    private void upsert(String person, String integration, String body) throws Exception {
        String prefs = Files.readString(folder.resolve(person).resolve(".webhookdb/config"));
        String token = found("(?<=\"auth_token\" ?: ?\")[^\"]+", prefs);
        HttpResponse<String> answer =
                HttpClient.newHttpClient()
                        .send(
                                HttpRequest.newBuilder(
                                                URI.create(
                                                        api.url()
                                                                + "/v1/organizations/"
                                                                + found(
                                                                        "(?<=\"id\" ?: ?)[0-9]+",
                                                                        prefs)
                                                                + "/service_integrations/"
                                                                + integration
                                                                + "/upsert"))
                                        .header("Whdb-Auth-Token", token)
                                        .POST(HttpRequest.BodyPublishers.ofString(body))
                                        .build(),
                                HttpResponse.BodyHandlers.ofString());
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    }

    private void execute(String sql) throws SQLException {
        URI superuser = URI.create(ready.postgresUrl());
        try (Connection connection =
                        DriverManager.getConnection(
                                "jdbc:postgresql://"
                                        + superuser.getHost()
                                        + ":"
                                        + superuser.getPort()
                                        + superuser.getPath(),
                                userOf(ready.postgresUrl()),
                                passwordOf(ready.postgresUrl()));
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    private static String userOf(String url) {
        return URI.create(url).getUserInfo().split(":")[0];
    }

    private static String passwordOf(String url) {
        return URI.create(url).getUserInfo().split(":")[1];
    }

    private static byte[] get(String url) throws IOException, InterruptedException {
        return HttpClient.newHttpClient()
                .send(
                        HttpRequest.newBuilder(URI.create(url)).build(),
                        HttpResponse.BodyHandlers.ofByteArray())
                .body();
    }

    private static String found(String pattern, String text) {
        Matcher matcher = Pattern.compile(pattern).matcher(text);
        assertThat(matcher.find()).as(pattern + " in " + text).isTrue();
        return matcher.group();
    }
}

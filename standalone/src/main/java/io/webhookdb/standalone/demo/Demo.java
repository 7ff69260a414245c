package io.webhookdb.standalone.demo;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.PrintStream;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.UnaryOperator;

/**
 * The main job, end to end, through the public API only: sign up, create integrations, send signed
 * webhooks, read the rows by SQL. Every step checks what it shows and throws {@link DemoFailure}
 * otherwise.
 */
public final class Demo {
    private static final String EMAIL = "demo@example.com";
    private static final Duration ROWS_TIMEOUT = Duration.ofSeconds(60);
    private static final int PROBES = 50;
    private static final Map<String, String> SECRETS =
            Map.of(
                    Samples.STRIPE_CUSTOMER, "whsec_demo_customers",
                    Samples.STRIPE_CHARGE, "whsec_demo_charges",
                    Samples.GITHUB_ISSUE, "demo-issues");

    private final ApiClient api;
    private final UnaryOperator<String> codeOf;
    private final Narrator narrator;
    private final VendorSender vendor = new VendorSender();
    private final Samples samples = new Samples();
    private final Map<String, Integration> integrations = new LinkedHashMap<>();
    private String organization;

    private record Integration(String id, String table, String url) {}

    /**
     * @param apiUrl base URL of the api
     * @param codeOf gives the login code sent to an address
     * @param out where the story is told
     */
    public Demo(String apiUrl, UnaryOperator<String> codeOf, PrintStream out) {
        this.api = new ApiClient(apiUrl);
        this.codeOf = codeOf;
        this.narrator = new Narrator(out);
    }

    /** Runs all steps. */
    public void run() {
        signUp();
        integrate();
        List<SampleEvent> sent = post();
        refuseForgery();
        try (ReadOnlyDatabase database = connect()) {
            awaitRows(database, sent);
            show(database);
            refuseWrites(database);
            measure(database);
        }
    }

    private void signUp() {
        narrator.step("Sign up");
        api.login(EMAIL, () -> codeOf.apply(EMAIL));
        String name = "Demo " + Instant.now().getEpochSecond();
        JsonNode created =
                api.post("/v1/organizations/create", ApiClient.object().put("name", name));
        organization = created.path("id").asText();
        narrator.line("Logged in as " + EMAIL + ", created the organization \"" + name + "\".");
    }

    private void integrate() {
        narrator.step("Create integrations");
        String base = "/v1/organizations/" + organization + "/service_integrations";
        for (String service :
                List.of(Samples.STRIPE_CUSTOMER, Samples.STRIPE_CHARGE, Samples.GITHUB_ISSUE)) {
            JsonNode step =
                    api.post(base + "/create", ApiClient.object().put("service_name", service));
            api.converse(
                    step,
                    Map.of("webhook_secret", SECRETS.get(service), "repo_name", "acme/widgets"));
        }
        for (JsonNode item : api.get(base).path("items")) {
            String id = item.path("opaque_id").asText();
            JsonNode info =
                    api.post(base + "/" + id + "/info", ApiClient.object().put("field", "url"));
            integrations.put(
                    item.path("service_name").asText(),
                    new Integration(
                            id,
                            item.path("table_name").asText(),
                            info.at("/blocks/0/value").asText()));
        }
        List<List<String>> rows = new ArrayList<>();
        integrations.forEach(
                (service, made) -> rows.add(List.of(service, made.table(), made.url())));
        narrator.table(List.of("SERVICE", "TABLE", "WEBHOOK URL"), rows);
    }

    private List<SampleEvent> post() {
        List<SampleEvent> events = samples.shuffledWithRepeats();
        narrator.step(
                "Send " + events.size() + " signed webhooks: shuffled, every fifth of them twice");
        long started = System.nanoTime();
        for (int i = 0; i < events.size(); i++) {
            SampleEvent event = events.get(i);
            HttpResponse<String> answer =
                    vendor.send(
                            integrations.get(event.service()).url(),
                            event,
                            SECRETS.get(event.service()));
            if (answer.statusCode() != 202) {
                throw new DemoFailure(
                        "A signed webhook was answered "
                                + answer.statusCode()
                                + " "
                                + answer.body()
                                + ", expected 202.");
            }
            narrator.progress(i + 1, events.size());
        }
        narrator.line(
                "All acknowledged in %d ms, one after the other."
                        .formatted(TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - started)));
        return events;
    }

    private void refuseForgery() {
        narrator.step("Send a forged one");
        SampleEvent forged = samples.customer("cus_demo0", "Mallory", 4_000_000_000L, 9);
        HttpResponse<String> answer =
                vendor.send(
                        integrations.get(Samples.STRIPE_CUSTOMER).url(), forged, "whsec_guessed");
        String reason = answer.headers().firstValue("Whdb-Rejected-Reason").orElse("");
        if (answer.statusCode() != 401 || reason.isEmpty()) {
            throw new DemoFailure(
                    "A forged webhook was answered " + answer.statusCode() + ", expected 401.");
        }
        narrator.line("Rejected with 401: " + reason);
    }

    private ReadOnlyDatabase connect() {
        narrator.step("Read the rows by SQL, as an analyst would");
        String url =
                api.get("/v1/db/" + organization + "/connection").path("connection_url").asText();
        narrator.line("Connection string (read-only): " + url);
        return new ReadOnlyDatabase(url);
    }

    private void awaitRows(ReadOnlyDatabase database, List<SampleEvent> sent) {
        for (String service : integrations.keySet()) {
            Map<String, SampleEvent> newest = new TreeMap<>();
            sent.stream()
                    .filter(event -> event.service().equals(service))
                    .forEach(
                            event ->
                                    newest.merge(
                                            event.key(),
                                            event,
                                            (a, b) -> b.order() > a.order() ? b : a));
            List<List<String>> expected =
                    newest.values().stream()
                            .map(event -> List.of(event.key(), event.marker()))
                            .toList();
            String sql =
                    "SELECT %s::text, %s::text FROM %s ORDER BY 1"
                            .formatted(
                                    service.startsWith("stripe_") ? "stripe_id" : "github_id",
                                    Samples.markerColumn(service),
                                    quoted(integrations.get(service).table()));
            List<List<List<String>>> last = new ArrayList<>(List.of(List.of()));
            boolean arrived =
                    await(
                            ROWS_TIMEOUT,
                            () -> {
                                last.set(0, sorted(database.query(sql)));
                                return last.get(0).equals(expected);
                            });
            if (!arrived) {
                throw new DemoFailure(
                        "Table of "
                                + service
                                + " has "
                                + last.get(0).size()
                                + " rows, expected "
                                + expected.size()
                                + " each at its newest version.");
            }
            narrator.line(
                    "%-20s %3d rows, each at its newest version"
                            .formatted(service, expected.size()));
        }
    }

    private static List<List<String>> sorted(List<List<String>> rows) {
        return rows.stream().sorted(java.util.Comparator.comparing(row -> row.get(0))).toList();
    }

    private void show(ReadOnlyDatabase database) {
        String customers = quoted(integrations.get(Samples.STRIPE_CUSTOMER).table());
        String charges = quoted(integrations.get(Samples.STRIPE_CHARGE).table());
        String sql =
                "SELECT c.name, c.email, c.balance, h.amount, h.status,"
                        + " c.data->'metadata'->>'version' FROM "
                        + customers
                        + " c JOIN "
                        + charges
                        + " h ON h.customer = c.stripe_id ORDER BY c.pk LIMIT 5";
        narrator.line("");
        narrator.line(sql);
        narrator.line("");
        narrator.table(
                List.of("NAME", "EMAIL", "BALANCE", "AMOUNT", "STATUS", "VERSION"),
                database.query(sql));
    }

    private void refuseWrites(ReadOnlyDatabase database) {
        String refusal =
                database.refusal(
                        "DELETE FROM " + quoted(integrations.get(Samples.STRIPE_CUSTOMER).table()));
        if (refusal.isEmpty()) {
            throw new DemoFailure("The read-only role could delete rows.");
        }
        narrator.line("");
        narrator.line("The same role trying to DELETE: " + refusal);
    }

    private void measure(ReadOnlyDatabase database) {
        narrator.step("Measure: from POST until SQL sees the row, " + PROBES + " times");
        Integration customers = integrations.get(Samples.STRIPE_CUSTOMER);
        long[] micros = new long[PROBES];
        for (int i = 0; i < PROBES; i++) {
            String key = "cus_probe" + i;
            String sql =
                    "SELECT 1 FROM "
                            + quoted(customers.table())
                            + " WHERE stripe_id = '"
                            + key
                            + "'";
            long started = System.nanoTime();
            vendor.send(
                    customers.url(),
                    samples.customer(key, "Probe", Instant.now().getEpochSecond(), 0),
                    SECRETS.get(Samples.STRIPE_CUSTOMER));
            if (!await(ROWS_TIMEOUT, () -> !database.query(sql).isEmpty())) {
                throw new DemoFailure("Row " + key + " did not appear.");
            }
            micros[i] = TimeUnit.NANOSECONDS.toMicros(System.nanoTime() - started);
            narrator.progress(i + 1, PROBES);
        }
        Arrays.sort(micros);
        narrator.line(
                "POST to row: p50 %.1f ms, p99 %.1f ms"
                        .formatted(
                                micros[PROBES / 2] / 1_000.0,
                                micros[(int) Math.ceil(PROBES * 0.99) - 1] / 1_000.0));
    }

    private static boolean await(Duration timeout, BooleanSupplier condition) {
        long deadline = System.nanoTime() + timeout.toNanos();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() > deadline) {
                return false;
            }
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(1));
        }
        return true;
    }

    private static String quoted(String identifier) {
        return '"' + identifier + '"';
    }
}

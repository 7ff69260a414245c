package io.webhookdb.schemas.row;

import static org.assertj.core.api.Assertions.assertThat;

import io.webhookdb.schemas.catalog.Catalog;
import io.webhookdb.schemas.catalog.Column;
import io.webhookdb.schemas.catalog.ServiceDefinition;
import io.webhookdb.schemas.deadletter.DeadLetter.Reason;
import io.webhookdb.schemas.event.Event;
import io.webhookdb.schemas.event.EventIds;
import io.webhookdb.schemas.event.Origin;
import io.webhookdb.schemas.event.VersionFloor;
import io.webhookdb.schemas.row.RowUpdate.Operation;
import io.webhookdb.schemas.row.Version.Rank;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class RowExtractorTest {
    private static final Catalog CATALOG = Catalog.load();
    private static final EventIds IDS = new EventIds();
    private static final long RECEIVED = 1_700_000_000_123_456L;

    @Test
    void takesAStripeObjectOutOfItsEventAndOrdersItByTheEvent() {
        RowUpdate row =
                only(
                        "stripe_customer_v1",
                        """
                        {"id":"evt_1","object":"event","created":1700000100,"type":"customer.updated",
                         "data":{"object":{"id":"cus_1","object":"customer","balance":-5,
                         "created":1600000000,"email":"a@b.example","name":null,"phone":"1"}}}
                        """,
                        Map.of());

        assertThat(row.key()).isEqualTo("cus_1");
        assertThat(cells("stripe_customer_v1", row))
                .containsEntry("balance", "-5")
                .containsEntry("created", "2020-09-13T12:26:40Z")
                .containsEntry("updated", "2023-11-14T22:15:00Z")
                .containsEntry("email", "a@b.example")
                .containsEntry("name", null);
        assertThat(row.version().timeMicros()).isEqualTo(1_700_000_100_000_000L);
        assertThat(row.version().rank()).isEqualTo(Rank.PUSH);
        assertThat(row.operation()).isEqualTo(Operation.UPSERT);
        assertThat(new String(row.data(), StandardCharsets.UTF_8))
                .startsWith("{\"id\":\"cus_1\",\"object\":\"customer\",\"balance\":-5,\"created\"");
    }

    @Test
    void takesAFetchedObjectAsItIsAndDatesItBeforeItsRequest() {
        Event event =
                event("{\"id\":\"cus_1\",\"object\":\"customer\"}", Map.of(), Origin.BACKFILL);
        RowUpdate row = onlyRow(extract("stripe_customer_v1", event));

        assertThat(row.version().timeMicros()).isEqualTo(1_699_999_995_000_000L);
        assertThat(row.version().rank()).isEqualTo(Rank.POLL);
    }

    @Test
    void datesAFetchedObjectNoEarlierThanItsFloorAndBelievesNobodyElse() {
        String body = "{\"id\":\"cus_1\",\"object\":\"customer\"}";
        long later = 1_800_000_000_000_000L;

        RowUpdate fetched =
                onlyRow(
                        extract(
                                "stripe_customer_v1",
                                event(body, VersionFloor.header(later), Origin.BACKFILL)));
        RowUpdate older =
                onlyRow(
                        extract(
                                "stripe_customer_v1",
                                event(body, VersionFloor.header(1), Origin.BACKFILL)));
        RowUpdate pushed =
                onlyRow(
                        extract(
                                "stripe_customer_v1",
                                event(
                                        "{\"object\":\"event\",\"created\":7,\"data\":{\"object\":"
                                                + body
                                                + "}}",
                                        VersionFloor.header(later),
                                        Origin.WEBHOOK)));

        assertThat(fetched.version().timeMicros()).isEqualTo(later);
        assertThat(older.version().timeMicros()).isEqualTo(1_699_999_995_000_000L);
        assertThat(pushed.version().timeMicros()).isEqualTo(7_000_000L);
    }

    @Test
    void ignoresAnObjectOfAnotherKind() {
        assertThat(
                        extract(
                                "stripe_customer_v1",
                                """
                                {"object":"event","created":1,"data":{"object":{"id":"p","object":"plan"}}}
                                """))
                .isInstanceOf(Extraction.Ignored.class);
    }

    @Test
    void tellsADeleteWithTheFinalObjectFromOneThatBringsOnlyTheKey() {
        String event =
                "{\"id\":\"evt_1\",\"object\":\"event\",\"created\":1,\"type\":\"customer.deleted\","
                    + "\"data\":{\"object\":%s}}";
        RowUpdate whole =
                only(
                        "stripe_customer_v1",
                        event.formatted(
                                "{\"id\":\"c\",\"object\":\"customer\",\"balance\":0,\"created\":1,"
                                        + "\"email\":null,\"name\":null,\"phone\":null}"),
                        Map.of());
        RowUpdate keyOnly =
                only(
                        "stripe_customer_v1",
                        event.formatted("{\"id\":\"c\",\"object\":\"customer\",\"deleted\":true}"),
                        Map.of());

        assertThat(whole.operation()).isEqualTo(Operation.DELETE);
        assertThat(whole.version().rank()).isEqualTo(Rank.DELETE);
        assertThat(keyOnly.operation()).isEqualTo(Operation.DELETE_BY_KEY);
    }

    @Test
    void takesAGithubIssueWithListsOfIds() {
        RowUpdate row = only("github_issue_v1", ISSUE.formatted("opened"), issueHeaders("issues"));

        assertThat(row.key()).isEqualTo("444500041");
        assertThat(cells("github_issue_v1", row))
                .containsEntry("assignee_ids", "{3,4}")
                .containsEntry("label_ids", "{}")
                .containsEntry("closed_at", null)
                .containsEntry("number", "1")
                .containsEntry("milestone_number", null)
                .containsEntry("updated_at", "2019-05-15T15:20:18Z");
        assertThat(row.version().timeMicros()).isEqualTo(1_557_933_618_000_000L);
    }

    @Test
    void letsOnlyItsOwnEventDeleteAGithubIssue() {
        assertThat(
                        only("github_issue_v1", ISSUE.formatted("deleted"), issueHeaders("issues"))
                                .operation())
                .isEqualTo(Operation.DELETE);
        assertThat(
                        only(
                                        "github_issue_v1",
                                        ISSUE.formatted("deleted"),
                                        issueHeaders("issue_comment"))
                                .operation())
                .isEqualTo(Operation.UPSERT);
    }

    @Test
    void ignoresAGithubPing() {
        assertThat(
                        extract(
                                "github_issue_v1",
                                event("{\"zen\":\"x\"}", issueHeaders("ping"), Origin.WEBHOOK)))
                .isInstanceOf(Extraction.Ignored.class);
    }

    @Test
    void takesTheTimeOfAShopifyDeleteFromItsHeader() {
        RowUpdate row =
                only(
                        "shopify_order_v1",
                        "{\"id\":820982911946154508}",
                        Map.of(
                                "x-shopify-topic",
                                "orders/delete",
                                "x-shopify-triggered-at",
                                "2024-01-02T03:04:05.678901234Z"));

        assertThat(row.key()).isEqualTo("820982911946154508");
        assertThat(row.operation()).isEqualTo(Operation.DELETE_BY_KEY);
        assertThat(row.version().timeMicros())
                .isEqualTo(micros(Instant.parse("2024-01-02T03:04:05.678901Z")));
    }

    @Test
    void readsTimesWithAnOffset() {
        RowUpdate row =
                only(
                        "shopify_order_v1",
                        "{\"id\":1,\"updated_at\":\"2024-01-02T03:04:05-05:00\"}",
                        Map.of());
        assertThat(row.version().timeMicros())
                .isEqualTo(micros(Instant.parse("2024-01-02T08:04:05Z")));
    }

    @Test
    void countsMissingAndIllTypedFieldsAsDriftAndKeepsTheRow() {
        Extraction extraction =
                extract(
                        "stripe_charge_v1",
                        """
                        {"object":"event","created":1,"data":{"object":{"id":"ch_1","object":"charge",
                         "amount":"many","created":1e400,"status":{"a":1},"balance_transaction":null}}}
                        """);

        assertThat(((Extraction.Rows) extraction).drift()).containsExactly("amount", "created");
        assertThat(cells("stripe_charge_v1", onlyRow(extraction)))
                .containsEntry("amount", null)
                .containsEntry("created", null)
                .containsEntry("status", "{\"a\":1}");
    }

    @Test
    void hashesContentNotLayoutAndTellsADeletedObjectFromALivingOne() {
        Map<String, String> headers = issueHeaders("issues");
        String compact = ISSUE.formatted("opened").replaceAll("\\s", "");
        byte[] spread = only("github_issue_v1", ISSUE.formatted("opened"), headers).contentHash();

        assertThat(only("github_issue_v1", compact, headers).contentHash()).isEqualTo(spread);
        assertThat(only("github_issue_v1", ISSUE.formatted("deleted"), headers).contentHash())
                .isNotEqualTo(spread);
    }

    @Test
    void removesWhatPostgresTextCannotHold() {
        RowUpdate row =
                only(
                        "stripe_product_v1",
                        """
                        {"object":"event","created":1,"data":{"object":{"id":"p","object":"product",
                         "name":"a\\u0000b\\ud800c\\ud83d\\ude00\\\\u0000"}}}
                        """,
                        Map.of());

        assertThat(cells("stripe_product_v1", row))
                .containsEntry("name", "ab\uFFFDc\uD83D\uDE00\\u0000");
        assertThat(new String(row.data(), StandardCharsets.UTF_8))
                .contains("\"name\":\"ab\\ufffdc\\ud83d\\ude00\\\\u0000\"");
    }

    @Test
    void countsTheLastOfRepeatedNames() {
        RowUpdate row =
                only(
                        "stripe_product_v1",
                        """
                        {"object":"event","created":1,
                         "data":{"object":{"id":"old","object":"product","name":"old"}},
                         "data":{"object":{"id":"new","object":"product"}}}
                        """,
                        Map.of());
        assertThat(row.key()).isEqualTo("new");
        assertThat(cells("stripe_product_v1", row)).containsEntry("name", null);
    }

    /** What GitHub sends unless its content type is changed to application/json. */
    @Test
    void takesAGitHubEventOutOfItsForm() {
        String form =
                "payload=" + URLEncoder.encode(ISSUE.formatted("opened"), StandardCharsets.UTF_8);
        Event event =
                event(
                        form,
                        issueHeaders("issues"),
                        Origin.WEBHOOK,
                        "application/x-www-form-urlencoded");

        RowUpdate row = onlyRow(extract("github_issue_v1", event));

        assertThat(row.key()).isEqualTo("444500041");
        assertThat(cells("github_issue_v1", row))
                .containsEntry("user_id", "2")
                .containsEntry("assignee_ids", "{3,4}");
        assertThat(new String(row.data(), StandardCharsets.UTF_8))
                .startsWith("{\"id\":444500041,\"node_id\":\"MDU6\"");
    }

    /** An entry of the city of Portland's feed of campsite reports: no ISO 8601, and no DST. */
    @Test
    void readsTheDateOfAMailWhereAFeedHasOne() {
        RowUpdate row =
                only(
                        "atom_single_feed_v1",
                        """
                        {"id":"2602407","title":"Campsite Reporting at 1900-1999 NE OREGON ST",
                         "updated":"Fri, 9 Jun 2023 17:40:38 PST",
                         "published":"2023-06-09T17:40:37.0-07:00",
                         "georss:point":"45.5285898898 -122.646064077"}
                        """,
                        Map.of());

        assertThat(cells("atom_single_feed_v1", row))
                .containsEntry("updated", "2023-06-10T01:40:38Z")
                .containsEntry("published", "2023-06-10T00:40:37Z")
                .containsEntry("geo_lng", "-122.646064077");
        assertThat(row.version().timeMicros())
                .isEqualTo(micros(Instant.parse("2023-06-10T01:40:38Z")));
    }

    /** Listings with {@code expand[]} ("Expanding Responses"), and what is posted by hand. */
    @Test
    void takesTheIdOfAStripeObjectThatWasExpanded() {
        RowUpdate row =
                only(
                        "stripe_charge_v1",
                        """
                        {"id":"ch_1","object":"charge","amount":1,
                         "customer":{"id":"cus_9","object":"customer","email":"a@b.example"},
                         "invoice":{"object":"invoice"},"balance_transaction":"txn_9"}
                        """,
                        Map.of());

        assertThat(cells("stripe_charge_v1", row))
                .containsEntry("customer", "cus_9")
                .containsEntry("invoice", null)
                .containsEntry("balance_transaction", "txn_9");
    }

    @Test
    void givesEveryUnusableBodyAReason() {
        assertThat(reason("not json")).isEqualTo(Reason.NOT_JSON);
        assertThat(reason("{\"id\":\"a\"} trailing")).isEqualTo(Reason.NOT_JSON);
        assertThat(reason("[".repeat(5_000))).isEqualTo(Reason.NOT_JSON);
        assertThat(reason("[1]")).isEqualTo(Reason.NO_RESOURCE);
        assertThat(reason("")).isEqualTo(Reason.NO_REMOTE_KEY);
        assertThat(reason("{\"id\":null}")).isEqualTo(Reason.NO_REMOTE_KEY);
        assertThat(reason("{\"id\":\" \"}")).isEqualTo(Reason.NO_REMOTE_KEY);
        assertThat(reason("{\"id\":{}}")).isEqualTo(Reason.NO_REMOTE_KEY);
        assertThat(reason("{\"id\":\"" + "x".repeat(3_000) + "\"}"))
                .isEqualTo(Reason.NO_REMOTE_KEY);
    }

    private static final String ISSUE =
            """
            {"action":"%s","issue":{"id":444500041,"node_id":"MDU6","number":1,"state":"open",
             "user":{"id":2},"assignees":[{"id":3},{"id":4}],"labels":[],"milestone":null,
             "created_at":"2019-05-15T15:20:18Z","updated_at":"2019-05-15T15:20:18Z",
             "closed_at":null},"sender":{"id":2}}
            """;

    private static Map<String, String> issueHeaders(String event) {
        return Map.of("x-github-event", event, "x-github-hook-id", "1", "x-github-delivery", "d");
    }

    private static long micros(Instant instant) {
        return instant.getEpochSecond() * 1_000_000 + instant.getNano() / 1_000;
    }

    private static Reason reason(String body) {
        return ((Extraction.Poison) extract("stripe_charge_v1", body)).reason();
    }

    private static Map<String, String> cells(String service, RowUpdate row) {
        Map<String, String> cells = new LinkedHashMap<>();
        List<Column> columns = definition(service).columns();
        for (int i = 0; i < columns.size(); i++) {
            cells.put(columns.get(i).name(), row.cells()[i]);
        }
        return cells;
    }

    private static RowUpdate only(String service, String body, Map<String, String> headers) {
        return onlyRow(extract(service, event(body, headers, Origin.WEBHOOK)));
    }

    private static RowUpdate onlyRow(Extraction extraction) {
        assertThat(extraction).isInstanceOf(Extraction.Rows.class);
        return ((Extraction.Rows) extraction).updates().get(0);
    }

    private static Extraction extract(String service, String body) {
        return extract(service, event(body, Map.of(), Origin.WEBHOOK));
    }

    private static Extraction extract(String service, Event event) {
        return new RowExtractor(definition(service)).extract(event, 7, 1);
    }

    private static ServiceDefinition definition(String service) {
        return CATALOG.service(service).orElseThrow();
    }

    private static Event event(String body, Map<String, String> headers, Origin origin) {
        return event(body, headers, origin, "application/json");
    }

    private static Event event(
            String body, Map<String, String> headers, Origin origin, String contentType) {
        return new Event(
                IDS.next(),
                "svi_1",
                1,
                RECEIVED,
                origin,
                "POST",
                "/",
                "",
                contentType,
                headers,
                "verified",
                body.getBytes(StandardCharsets.UTF_8));
    }
}

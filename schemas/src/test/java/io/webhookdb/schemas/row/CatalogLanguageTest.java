package io.webhookdb.schemas.row;

import static org.assertj.core.api.Assertions.assertThat;

import io.webhookdb.schemas.catalog.Catalog;
import io.webhookdb.schemas.catalog.Column;
import io.webhookdb.schemas.catalog.OwnDefinition;
import io.webhookdb.schemas.catalog.ServiceDefinition;
import io.webhookdb.schemas.deadletter.DeadLetter.Reason;
import io.webhookdb.schemas.event.Event;
import io.webhookdb.schemas.event.EventIds;
import io.webhookdb.schemas.event.Origin;
import io.webhookdb.schemas.row.RowUpdate.Operation;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What the words of the catalogue mean, on services that use them. */
class CatalogLanguageTest {
    private static final Catalog CATALOG = Catalog.load();
    private static final EventIds IDS = new EventIds();
    private static final long RECEIVED = 1_700_000_000_123_456L;

    @Test
    void bringsARowForEachElementOfAList() {
        List<RowUpdate> rows =
                rows(
                        extract(
                                "stripe_refund_v1",
                                """
                                {"object":"event","created":5,"data":{"object":{"object":"charge",
                                 "refunds":{"data":[%s,7,%s]}}}}
                                """
                                        .formatted(refund("re_1", 10), refund("re_2", 20))));

        assertThat(rows).extracting(RowUpdate::key).containsExactly("re_1", "re_2");
        assertThat(rows).extracting(row -> row.cells()[0]).containsExactly("10", "20");
        assertThat(rows).extracting(row -> row.version().timeMicros()).containsOnly(5_000_000L);
        assertThat(new String(rows.get(1).data(), StandardCharsets.UTF_8))
                .isEqualTo(refund("re_2", 20));
    }

    @Test
    void takesAnObjectAtItsPlaceForTheResourceWhereNothingElseTellsAnEvent() throws Exception {
        ServiceDefinition service =
                OwnDefinition.read(
                        """
                        service: acme_order_v1
                        key: {column: order_no, type: text, pointer: /no}
                        envelope: {resource: /order, alternatives: [/draft]}
                        """);
        for (String body :
                List.of(
                        "{\"no\":\"x\",\"order\":{\"no\":\"o1\"}}",
                        "{\"order\":7,\"draft\":{\"no\":\"o1\"}}",
                        "{\"no\":\"o1\",\"order\":null}")) {
            assertThat(only(new RowExtractor(service).extract(event(body), 7, 1)).key())
                    .as(body)
                    .isEqualTo("o1");
        }
    }

    @Test
    void keepsTheStateOfAPinnedIssueAndEndsATransferredOne() {
        String issue =
                "{\"action\":\"%s\",\"issue\":{\"id\":5,\"updated_at\":\"2024-01-01T00:00:00Z\"}}";
        Extraction pinned = extract("github_issue_v1", issue.formatted("pinned"));

        assertThat(((Extraction.Rows) pinned).drift()).doesNotContain("state");
        assertThat(only(pinned).operation()).isEqualTo(Operation.UPSERT);
        assertThat(only(extract("github_issue_v1", issue.formatted("transferred"))).operation())
                .isEqualTo(Operation.DELETE_BY_KEY);
    }

    @Test
    void takesTheObjectItselfWhereThereIsNoList() {
        assertThat(
                        rows(
                                extract(
                                        "stripe_refund_v1",
                                        "{\"object\":\"event\",\"created\":5,\"data\":{\"object\":"
                                                + refund("re_1", 10)
                                                + "}}")))
                .extracting(RowUpdate::key)
                .containsExactly("re_1");
    }

    @Test
    void ignoresAListWithoutAResource() {
        assertThat(
                        extract(
                                "stripe_refund_v1",
                                """
                                {"object":"event","data":{"object":{"object":"charge",
                                 "refunds":{"data":[]}}}}
                                """))
                .isInstanceOf(Extraction.Ignored.class);
    }

    @Test
    void leavesOutAnElementWithoutAKeyAndCountsIt() {
        Extraction extraction =
                extract(
                        "email_octopus_contact_v1",
                        "["
                                + contact("contact.updated", "c1", 1)
                                + ",{\"type\":\"contact.updated\"}]");

        assertThat(rows(extraction)).extracting(RowUpdate::key).containsExactly("c1-l");
        assertThat(((Extraction.Rows) extraction).drift()).contains("compound_identity");
        assertThat(
                        ((Extraction.Poison)
                                        extract(
                                                "email_octopus_contact_v1",
                                                "[{\"type\":\"contact.updated\"}]"))
                                .reason())
                .isEqualTo(Reason.NO_REMOTE_KEY);
    }

    @Test
    void mergesEventsOfOneRowThatComeTogetherInAnyOrder() {
        String created = contact("contact.created", "c1", 1);
        String updated = contact("contact.updated", "c1", 2);
        for (String list : List.of(created + "," + updated, updated + "," + created)) {
            RowUpdate row = only(extract("email_octopus_contact_v1", "[" + list + "]"));
            assertThat(cells("email_octopus_contact_v1", row))
                    .containsEntry("email_address", "contact.updated@example.com")
                    .containsEntry("created_at", "2022-11-18T15:20:01Z")
                    .containsEntry("row_updated_at", "2022-11-18T15:20:02Z");
        }
    }

    @Test
    void findsTheResourceAtTheFirstPlaceThatHasAnObject() {
        String contact = "{\"type\":\"contact\",\"id\":\"c\",\"updated_at\":10}";
        for (String item : List.of("{\"id\":\"sub\",\"contact\":" + contact + "}", contact)) {
            RowUpdate row = only(extract("intercom_contact_v1", note("contact.subscribed", item)));
            assertThat(row.key()).isEqualTo("c");
            assertThat(row.version().timeMicros()).isEqualTo(10_000_000);
        }
    }

    @Test
    void setsColumnsOfADeleteThatBringsOnlyTheKey() {
        RowUpdate deleted =
                only(
                        extract(
                                "intercom_contact_v1",
                                note("contact.deleted", "{\"type\":\"contact\",\"id\":\"c\"}")));
        RowUpdate archived =
                only(
                        extract(
                                "intercom_contact_v1",
                                note("contact.archived", "{\"type\":\"contact\",\"id\":\"c\"}")));

        assertThat(deleted.operation()).isEqualTo(Operation.DELETE_BY_KEY);
        assertThat(cells("intercom_contact_v1", deleted))
                .containsEntry("deleted_at", "1970-01-01T00:01:40Z")
                .containsEntry("updated_at", "1970-01-01T00:01:40Z")
                .containsEntry("archived_at", null)
                .containsEntry("email", null);
        assertThat(cells("intercom_contact_v1", archived))
                .containsEntry("deleted_at", null)
                .containsEntry("archived_at", "1970-01-01T00:01:40Z");
    }

    @Test
    void ignoresEventsTheDefinitionLeavesOut() {
        assertThat(
                        extract(
                                "intercom_conversation_v1",
                                note("conversation.contact.attached", "{\"id\":\"2\"}")))
                .isInstanceOf(Extraction.Ignored.class);
    }

    @Test
    void namesTheObjectANotificationIsAbout() {
        String event = "{\"type\":\"event\",\"associated_object_type\":\"%s\",\"id\":\"e\"%s}";
        String id = ",\"associated_object_id\":\"account_1\"";
        assertThat(extract("increase_account_v1", event.formatted("account", id)))
                .isEqualTo(new Extraction.Notification("account_1"));
        assertThat(extract("increase_account_v1", event.formatted("limit", id)))
                .isInstanceOf(Extraction.Ignored.class);
        assertThat(extract("increase_account_v1", event.formatted("account", "")))
                .isInstanceOf(Extraction.Ignored.class);
    }

    @Test
    void composesAKeyOnlyOfAllItsParts() {
        assertThat(
                        only(extract(
                                        "transistor_episode_stats_v1",
                                        "{\"episode_id\":7,\"date\":\"03-09-2021\"}"))
                                .key())
                .isEqualTo("7-03-09-2021");
        for (String item : List.of("{\"episode_id\":7}", "{\"episode_id\":7,\"date\":\" \"}")) {
            assertThat(((Extraction.Poison) extract("transistor_episode_stats_v1", item)).reason())
                    .isEqualTo(Reason.NO_REMOTE_KEY);
        }
    }

    /** printf '%s' 'mOpen2020' | md5sum. */
    @Test
    void makesAUuidOfAComposedKey() {
        assertThat(
                        only(extract(
                                        "postmark_outbound_message_event_v1",
                                        "{\"MessageID\":\"m\",\"RecordType\":\"Open\","
                                                + "\"DeliveredAt\":null,\"BouncedAt\":\"2020\"}"))
                                .key())
                .isEqualTo("c63bb91e-4362-5e5a-8d5b-762b9a171c6a");
    }

    @Test
    void fallsBackUnlessTheConditionHolds() {
        String subscriber = "{\"subscriber\":{\"id\":1,\"state\":\"%s\"}}";
        assertThat(canceledAt(subscriber.formatted("active"))).isNull();
        assertThat(canceledAt(subscriber.formatted("cancelled")))
                .isEqualTo("2023-11-14T22:13:20.123456Z");
    }

    @Test
    void takesTheFirstAlternativeThatHasAValue() {
        RowUpdate row =
                only(
                        extract(
                                "stripe_invoice_item_v1",
                                """
                                {"id":"ii","object":"invoiceitem","price":null,
                                 "pricing":{"price_details":{"price":"price_2"}}}
                                """));
        assertThat(cells("stripe_invoice_item_v1", row)).containsEntry("price", "price_2");
    }

    @Test
    void looksUpTheElementsOfAnArray() {
        RowUpdate row =
                only(
                        extract(
                                "sponsy_publication_v1",
                                "{\"id\":\"p\",\"days\":[0,\"SUNDAY\",\"FEAST\"]}"));
        assertThat(cells("sponsy_publication_v1", row))
                .containsEntry("days", null)
                .containsEntry("day_names", "{\"MONDAY\",\"SUNDAY\",\"FEAST\"}");
        assertThat(
                        cells(
                                "sponsy_publication_v1",
                                only(extract("sponsy_publication_v1", "{\"id\":\"p\"}"))))
                .containsEntry("days", "{}");
    }

    @Test
    void readsAFormBody() {
        RowUpdate row =
                only(extract("plivo_sms_inbound_v1", "MessageUUID=m&From=%2B1&To=%2B2&Text=a+b"));
        assertThat(row.key()).isEqualTo("m");
        assertThat(cells("plivo_sms_inbound_v1", row)).containsEntry("from_number", "+1");
        assertThat(new String(row.data(), StandardCharsets.UTF_8)).contains("\"Text\":\"a b\"");
    }

    private static String canceledAt(String body) {
        return cells("convertkit_subscriber_v1", only(extract("convertkit_subscriber_v1", body)))
                .get("canceled_at");
    }

    private static String refund(String id, int amount) {
        return "{\"id\":\"%s\",\"object\":\"refund\",\"amount\":%d,\"created\":1}"
                .formatted(id, amount);
    }

    private static String contact(String type, String id, int second) {
        return ("{\"id\":\"e\",\"type\":\"%s\",\"list_id\":\"l\",\"contact_id\":\"%s\","
                        + "\"contact_email_address\":\"%s@example.com\","
                        + "\"occurred_at\":\"2022-11-18T15:20:0%d+00:00\"}")
                .formatted(type, id, type, second);
    }

    private static String note(String topic, String item) {
        return ("{\"type\":\"notification_event\",\"created_at\":100,\"topic\":\"%s\","
                        + "\"data\":{\"item\":%s}}")
                .formatted(topic, item);
    }

    private static Map<String, String> cells(String service, RowUpdate row) {
        Map<String, String> cells = new LinkedHashMap<>();
        List<Column> columns = definition(service).columns();
        for (int i = 0; i < columns.size(); i++) {
            cells.put(columns.get(i).name(), row.cells()[i]);
        }
        return cells;
    }

    private static RowUpdate only(Extraction extraction) {
        assertThat(rows(extraction)).hasSize(1);
        return rows(extraction).get(0);
    }

    private static List<RowUpdate> rows(Extraction extraction) {
        assertThat(extraction).isInstanceOf(Extraction.Rows.class);
        return ((Extraction.Rows) extraction).updates();
    }

    private static Extraction extract(String service, String body) {
        return new RowExtractor(definition(service)).extract(event(body), 7, 1);
    }

    private static Event event(String body) {
        return new Event(
                IDS.next(),
                "svi_1",
                1,
                RECEIVED,
                Origin.WEBHOOK,
                "POST",
                "/",
                "",
                "",
                Map.of(),
                "verified",
                body.getBytes(StandardCharsets.UTF_8));
    }

    private static ServiceDefinition definition(String service) {
        return CATALOG.service(service).orElseThrow();
    }
}

package io.webhookdb.schemas.catalog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.util.List;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.Test;

class OwnDefinitionTest {
    private static final String SHORTEST =
            "service: acme_order_v1\nkey: {column: acme_id, type: text, pointer: /id}\n";

    @Test
    void needsAServiceAndAKeyOnly() {
        ServiceDefinition service = OwnDefinition.read(SHORTEST);

        assertThat(service.vendorName()).isEqualTo("Acme");
        assertThat(service.singular()).isEqualTo("Acme Order");
        assertThat(service.verification().scheme()).isEqualTo(Verification.Scheme.NONE);
        assertThat(service.setup().webhook().prompts()).isEmpty();
    }

    @Test
    void asksForTheSecretThatItsVerificationNeeds() {
        ServiceDefinition service =
                OwnDefinition.read(
                        SHORTEST
                                + "vendor-name: ACME Inc.\n"
                                + "verification: {scheme: hmac-body, header: X-Sig, algorithm:"
                                + " sha256, encoding: hex}\n");

        assertThat(service.vendorName()).isEqualTo("ACME Inc.");
        assertThat(service.setup().webhook().prompts())
                .extracting(Setup.Prompt::stored)
                .containsExactly(Setup.StoredField.WEBHOOK_SECRET);
    }

    @Test
    void saysEverythingThatIsWrongAtOnce() {
        assertThatThrownBy(
                        () ->
                                OwnDefinition.read(
                                        """
                                        service: acme_order_v1
                                        key: {column: pk, type: text, pointer: /id}
                                        parent: stripe_customer_v1
                                        columns:
                                        - {name: a, type: text, pointer: /a, edit: {capture: '('}}
                                        verification: {scheme: hmac-body}
                                        reply: {status: 200, content-type: text/html, body: x}
                                        """))
                .isInstanceOf(CatalogException.class)
                .extracting(e -> ((CatalogException) e).problems())
                .asInstanceOf(InstanceOfAssertFactories.list(CatalogProblem.class))
                .extracting(CatalogProblem::path)
                .containsExactly(
                        "/columns/0/edit/capture",
                        "/key/column",
                        "/parent",
                        "/reply/content-type",
                        "/verification/algorithm",
                        "/verification/encoding",
                        "/verification/header");
    }

    @Test
    void refusesWhatIsNoYamlAndWhatIsNoFile() {
        assertThatThrownBy(() -> OwnDefinition.read("service: ["))
                .isInstanceOf(CatalogException.class);
        assertThatThrownBy(() -> OwnDefinition.read("just words"))
                .hasMessageContaining("at least service and key");
    }

    @Test
    void letsColumnsBeAddedAndNothingBeTakenAway() {
        ServiceDefinition before =
                OwnDefinition.read(SHORTEST + "columns:\n- {name: a, type: text, pointer: /a}\n");
        ServiceDefinition more =
                OwnDefinition.read(
                        SHORTEST
                                + "columns:\n- {name: b, type: bigint, pointer: /b}\n"
                                + "- {name: a, type: text, pointer: /a}\n");
        ServiceDefinition other =
                OwnDefinition.read(
                        "service: acme_order_v1\n"
                                + "key: {column: other_id, type: bigint, pointer: /number}\n"
                                + "columns:\n- {name: b, type: numeric, pointer: /b}\n");

        assertThat(DefinitionChange.of(before, more))
                .isEqualTo(new DefinitionChange(List.of("b"), List.of()));
        assertThat(DefinitionChange.of(more, other).problems())
                .extracting(CatalogProblem::path)
                .containsExactly("/key/column", "/key/type", "/key", "/columns/0/type", "/columns");
    }

    @Test
    void draftsWhatItCanRead() throws JsonProcessingException {
        JsonNode sample =
                new JsonMapper()
                        .readTree(
                                """
                                {"id": "ord_1", "number": 7, "customerId": "c9", "total": 12.50,
                                 "paid": true, "tags": ["a"], "data": "x", "lines": [{"sku": 1}],
                                 "placed_on": "2024-02-01", "created": 1700000000,
                                 "updatedAt": "2024-02-03T04:05:06Z",
                                 "address": {"postCode": "8001", "geo": {"lat": 1}}}
                                """);
        String draft = DefinitionDraft.of("acme_order_v1", List.of(sample));
        ServiceDefinition service = OwnDefinition.read(draft);

        assertThat(service.key()).isEqualTo(new RemoteKey("id", ColumnType.TEXT, "/id"));
        assertThat(service.columns())
                .extracting(column -> column.name() + " " + column.type().sql())
                .containsExactly(
                        "number bigint",
                        "customer_id text",
                        "total numeric",
                        "paid boolean",
                        "tags text[]",
                        "data_value text",
                        "placed_on date",
                        "created timestamptz",
                        "updated_at timestamptz",
                        "address_post_code text");
        assertThat(service.versionTime())
                .containsExactly(
                        new TimeSource(null, null, "/updatedAt", TimeSource.Format.ISO_8601));
    }

    @Test
    void draftsTheOnlyObjectThatHasAKeyAsTheResource() throws JsonProcessingException {
        JsonNode sample =
                new JsonMapper()
                        .readTree(
                                """
                                {"notice": {"kind": "moved", "attempt": 1},
                                 "shipment": {"customer_id": 4, "tracking_no": "JD1",
                                  "carrier": {"code": "dhl"}, "last_seen": 1700000000}}
                                """);
        ServiceDefinition service =
                OwnDefinition.read(DefinitionDraft.of("parcel_shipment_v1", List.of(sample)));

        assertThat(service.envelope().resource()).isEqualTo("/shipment");
        assertThat(service.key())
                .isEqualTo(new RemoteKey("tracking_no", ColumnType.TEXT, "/tracking_no"));
        assertThat(service.columns())
                .extracting(column -> column.name() + " " + column.type().sql())
                .containsExactly(
                        "customer_id bigint", "carrier_code text", "last_seen timestamptz");
    }

    @Test
    void prefersTheIdThatSpeaksOfTheResource() throws JsonProcessingException {
        JsonNode sample =
                new JsonMapper().readTree("{\"coupon_code\": \"x\", \"order_id\": \"o1\"}");

        assertThat(
                        OwnDefinition.read(DefinitionDraft.of("acme_order_v1", List.of(sample)))
                                .key()
                                .pointer())
                .isEqualTo("/order_id");
        assertThat(DefinitionDraft.of("acme_order_v1", List.of(sample, sample)))
                .contains("generated: event-id");
    }

    @Test
    void saysWhatIsAllowedInsteadOfWhatIsWrong() {
        assertThatThrownBy(
                        () ->
                                OwnDefinition.read(
                                        """
                                        service: acme_order_v1
                                        key: {colum: id, type: txt, pointer: id}
                                        """))
                .isInstanceOfSatisfying(
                        CatalogException.class,
                        refused ->
                                assertThat(refused.problems())
                                        .extracting(
                                                problem ->
                                                        problem.path() + ": " + problem.message())
                                        .contains(
                                                "/key: \"column\" is missing.",
                                                "/key/type: found \"txt\"; allowed: bigint,"
                                                        + " integer, text, uuid.",
                                                "/key/pointer: found \"id\"; expected a JSON"
                                                        + " Pointer such as /id or /customer/name.")
                                        .anyMatch(
                                                text ->
                                                        text.startsWith(
                                                                "/key: there is no key \"colum\";"
                                                                        + " allowed: column, ")));
    }

    @Test
    void draftsTheEnvelopeOfAnEvent() throws JsonProcessingException {
        JsonNode sample =
                new JsonMapper()
                        .readTree(
                                """
                                {"type": "order.made", "timestamp": 1700000000,
                                 "data": {"uuid": "0190163d-8694-739b-aea5-966c26f8ad91", "n": 1}}
                                """);
        ServiceDefinition service =
                OwnDefinition.read(DefinitionDraft.of("acme_order_v1", List.of(sample)));

        assertThat(service.envelope().resource()).isEqualTo("/data");
        assertThat(service.key().type()).isEqualTo(ColumnType.UUID);
        assertThat(service.versionTime())
                .containsExactly(
                        new TimeSource(null, "/timestamp", null, TimeSource.Format.UNIX_SECONDS));
    }
}

package io.webhookdb.schemas.catalog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.webhookdb.schemas.control.ControlCodec;
import io.webhookdb.schemas.control.DefinitionControl;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

class CatalogTest {
    @Test
    void holdsTheServicesOnTheClassPath() {
        assertThat(Catalog.load().services())
                .extracting(ServiceDefinition::name)
                .contains(
                        "github_issue_v1",
                        "github_pull_v1",
                        "shopify_order_v1",
                        "stripe_charge_v1",
                        "stripe_customer_v1",
                        "stripe_price_v1",
                        "stripe_product_v1");
    }

    @Test
    void namesEveryFileOfTheFolderInItsIndex() throws IOException {
        Path folder = Path.of("src/main/resources/catalog");
        try (var files = Files.walk(folder)) {
            List<String> present =
                    files.filter(file -> file.toString().endsWith(".yaml"))
                            .map(file -> folder.relativize(file).toString())
                            .sorted()
                            .toList();
            assertThat(CatalogLoader.index()).containsExactlyInAnyOrderElementsOf(present);
        }
    }

    @Test
    void keepsADefinitionAndItsHashThroughTheControlTopic() {
        for (ServiceDefinition service : Catalog.load().services()) {
            DefinitionControl sent = new DefinitionControl(service.hash(), service);
            DefinitionControl received =
                    (DefinitionControl) ControlCodec.decode(ControlCodec.encode(sent));
            assertThat(received).isEqualTo(sent);
            assertThat(received.definition().hash()).isEqualTo(service.hash());
        }
    }

    @Test
    void reportsEveryProblemWithFilePlaceAndAllowedValues() {
        CatalogLoader loader = new CatalogLoader();
        loader.addVendor(
                "acme/vendor.yaml",
                yaml(
                        "vendor: acme\n"
                                + "name: Acme\n"
                                + "verification: {scheme: hmac-body, source: none}\n"));
        loader.addResource(
                "acme/acme_order_v1.yaml",
                yaml(
                        """
                        service: order_v1
                        vendor: acme
                        resource: {singular: Order, plural: Orders}
                        docs: https://acme.example/orders
                        provenance: {source: own, kind: constructed}
                        modes: [webhook]
                        key: {column: acme_id, type: text, pointer: /id}
                        columns:
                        - {name: data, type: text, pointer: /data}
                        - {name: total, type: numeric, pointer: /total, convert: unix-seconds}
                        deletes:
                        - - {header: X-Acme-Topic, equals: [gone]}
                        setup: {}
                        """));

        assertThatThrownBy(loader::catalog)
                .isInstanceOf(CatalogException.class)
                .extracting(e -> ((CatalogException) e).problems())
                .asInstanceOf(
                        org.assertj.core.api.InstanceOfAssertFactories.list(CatalogProblem.class))
                .extracting(CatalogProblem::path)
                .containsExactly(
                        "/service",
                        "/columns/0/name",
                        "/columns/1/convert",
                        "/keep-headers",
                        "/verification/header",
                        "/verification/algorithm",
                        "/verification/encoding",
                        "/setup/webhook");
    }

    @Test
    void reportsWhatColumnsAndBackfillsLack() {
        CatalogLoader loader = new CatalogLoader();
        loader.addVendor(
                "acme/vendor.yaml",
                yaml(
                        """
                        vendor: acme
                        name: Acme
                        verification: {scheme: source-address, source: own}
                        backfill:
                          auth: {scheme: header, secret: backfill-key}
                          pagination: {style: cursor, size: 5}
                          incremental: {style: stop}
                        """));
        loader.addResource(
                "acme/acme_order_v1.yaml",
                yaml(
                        """
                        service: acme_order_v1
                        vendor: acme
                        resource: {singular: Order, plural: Orders}
                        docs: https://acme.example/orders
                        provenance: {source: own, kind: constructed}
                        parent: acme_shop_v1
                        modes: [backfill]
                        key: {column: acme_id, type: text, parts: [/a, /b], form: md5-uuid}
                        columns:
                        - {name: a, type: integer, pointer: /a, edit: {capture: '('}}
                        - {name: b, type: text, pointer: /b, fallback: {value: received-at}}
                        - {name: c, type: 'text[]', pointer: /c, edit: {element: {separator: ',', index: 0}}}
                        - {name: d, type: timestamptz, pointer: /d, convert: utc-date}
                        - {name: e, type: text, pointer: /e, fallback: {pointer: /f, when: {header: X-Kind}}}
                        backfill:
                          path: [/shops/, {parent: /id}, /orders/, {pass: kind}]
                          passes: [[{name: kind, value: open}], []]
                          fan-out: {over: acme_nothing_v1}
                        setup:
                          backfill: {prompts: []}
                        """));

        assertThatThrownBy(loader::catalog)
                .isInstanceOf(CatalogException.class)
                .extracting(e -> ((CatalogException) e).problems())
                .asInstanceOf(
                        org.assertj.core.api.InstanceOfAssertFactories.list(CatalogProblem.class))
                .extracting(CatalogProblem::path)
                .containsExactly(
                        "/key/form",
                        "/columns/0/edit/capture",
                        "/columns/1/fallback/value",
                        "/columns/2/edit",
                        "/columns/3/convert",
                        "/keep-headers",
                        "/verification/addresses",
                        "/backfill/base",
                        "/backfill/auth/name",
                        "/backfill/pagination/parameter",
                        "/backfill/pagination/next",
                        "/backfill/pagination/size",
                        "/backfill/incremental/pointer",
                        "/backfill/incremental/format",
                        "/backfill/passes",
                        "/parent",
                        "/backfill/fan-out/over");
    }

    @Test
    void refusesAnEditThatIsTwoAndAKeyThatIsNeither() {
        CatalogLoader loader = new CatalogLoader();
        loader.addResource(
                "acme/acme_order_v1.yaml",
                yaml(
                        """
                        service: acme_order_v1
                        vendor: acme
                        resource: {singular: Order, plural: Orders}
                        docs: https://acme.example/orders
                        provenance: {source: own, kind: constructed}
                        modes: [webhook]
                        key: {column: acme_id, type: text}
                        columns:
                        - {name: a, type: text, pointer: /a, edit: {capture: '(.)', lookup: {a: b}}}
                        setup: {}
                        """));

        assertThatThrownBy(loader::catalog)
                .hasMessageContaining("at /key:")
                .hasMessageContaining("at /columns/0/edit:");
    }

    @Test
    void refusesAnUnknownKeyAndAnUnknownTypeNamingThem() {
        CatalogLoader loader = new CatalogLoader();
        loader.addResource(
                "acme/acme_order_v1.yaml",
                yaml(
                        """
                        service: acme_order_v1
                        vendor: acme
                        resource: {singular: Order, plural: Orders}
                        docs: https://acme.example/orders
                        provenance: {source: own, kind: constructed}
                        modes: [webhook]
                        key: {column: acme_id, type: text, pointer: /id}
                        colums: []
                        columns:
                        - {name: total, type: money, pointer: /total}
                        setup: {}
                        """));

        assertThatThrownBy(loader::catalog)
                .hasMessageContaining("colums")
                .hasMessageContaining("/columns/0/type")
                .hasMessageContaining("money")
                .hasMessageContaining("timestamptz");
    }

    private static ByteArrayInputStream yaml(String text) {
        return new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8));
    }
}

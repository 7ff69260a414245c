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

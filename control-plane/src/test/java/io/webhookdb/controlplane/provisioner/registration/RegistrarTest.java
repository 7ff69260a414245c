package io.webhookdb.controlplane.provisioner.registration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.webhookdb.controlplane.outbound.VendorHttp;
import io.webhookdb.controlplane.provisioner.registration.Registrar.Registered;
import io.webhookdb.schemas.catalog.Catalog;
import io.webhookdb.schemas.catalog.ServiceDefinition;
import io.webhookdb.schemas.catalog.Setup.StoredField;
import io.webhookdb.security.outbound.OutboundPolicy;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class RegistrarTest {
    private static final Catalog CATALOG = Catalog.load();
    private static final String ENDPOINT = "https://in.example.com/v1/service_integrations/svi_1";
    private static final Duration LIMIT = Duration.ofSeconds(10);

    private TestingHooks vendor;
    private VendorHttp http;

    @BeforeEach
    void start() throws IOException {
        vendor = new TestingHooks();
        http = new VendorHttp(OutboundPolicy.parse("127.0.0.0/8"), LIMIT);
    }

    @AfterEach
    void stop() {
        http.close();
        vendor.close();
    }

    private RegistrationPlan plan(String name) {
        ServiceDefinition service = CATALOG.service(name).orElseThrow();
        return new RegistrationPlan(
                service,
                Map.of(
                        StoredField.BACKFILL_KEY, "rk_live_key",
                        StoredField.BACKFILL_SECRET, "ghp_secret",
                        StoredField.API_URL, "acme/rockets"),
                ENDPOINT,
                vendor.url());
    }

    private Registered register(String name, String known) throws IOException {
        return new Registrar(http).register(plan(name), Optional.ofNullable(known));
    }

    @Test
    void takesTheSecretThatStripeAnswersAndKeepsTheEndpointAfterwards() throws IOException {
        Registered made = register("stripe_charge_v1", null);
        assertThat(made).isEqualTo(new Registered(1, Optional.of("whsec_101")));
        assertThat(vendor.hooks()).hasSize(1);
        assertThat(vendor.hooks().get(0).path("url").asText()).isEqualTo(ENDPOINT);
        assertThat(vendor.hooks().get(0).path("enabled_events"))
                .extracting(event -> event.asText())
                .contains("charge.succeeded", "charge.refunded");
        assertThat(vendor.authorizations().get(0)).startsWith("Basic ");

        assertThat(register("stripe_charge_v1", "whsec_101"))
                .isEqualTo(new Registered(0, Optional.empty()));
        assertThat(vendor.hooks()).hasSize(1);
    }

    @Test
    void makesAnEndpointAnewWhoseSecretNobodyKnows() throws IOException {
        register("stripe_charge_v1", null);
        assertThat(register("stripe_charge_v1", null).secret()).contains("whsec_102");
        assertThat(vendor.hooks()).hasSize(1);
        assertThat(vendor.requests()).contains("DELETE /v1/webhook_endpoints/101");
    }

    @Test
    void choosesTheSecretForGithub() throws IOException {
        Registered made = register("github_issue_v1", null);
        String secret = made.secret().orElseThrow();
        assertThat(secret).matches("[0-9a-f]{64}");
        assertThat(vendor.hooks().get(0).at("/config/secret").asText()).isEqualTo(secret);
        assertThat(vendor.hooks().get(0).at("/config/url").asText()).isEqualTo(ENDPOINT);
        assertThat(vendor.hooks().get(0).at("/events/0").asText()).isEqualTo("issues");
        assertThat(vendor.hooks().get(0).path("name").asText()).isEqualTo("web");
        assertThat(vendor.requests())
                .containsOnly("GET /repos/acme/rockets/hooks", "POST /repos/acme/rockets/hooks");
        assertThat(vendor.authorizations()).containsOnly("Bearer ghp_secret");

        // One that a person stored is not replaced.
        vendor.forget();
        assertThat(register("github_issue_v1", "mine").secret()).isEmpty();
        assertThat(vendor.hooks().get(0).at("/config/secret").asText()).isEqualTo("mine");
    }

    @Test
    void registersWhatIsMissingOfShopifysTopics() throws IOException {
        assertThat(register("shopify_order_v1", null))
                .isEqualTo(new Registered(3, Optional.empty()));
        assertThat(vendor.hooks())
                .extracting(hook -> hook.path("topic").asText())
                .containsExactlyInAnyOrder("orders/create", "orders/updated", "orders/delete");
        assertThat(vendor.hooks())
                .extracting(hook -> hook.path("format").asText())
                .containsOnly("json");
        assertThat(vendor.authorizations()).containsOnly("ghp_secret");
        assertThat(register("shopify_order_v1", null).made()).isZero();
    }

    @Test
    void knowsWhatConvertKitListsUnderShorterNames() throws IOException {
        assertThat(register("convertkit_subscriber_v1", null).made()).isEqualTo(2);
        assertThat(vendor.hooks())
                .extracting(hook -> hook.at("/event/name").asText())
                .containsExactlyInAnyOrder(
                        "subscriber.subscriber_activate", "subscriber.subscriber_unsubscribe");
        assertThat(vendor.hooks())
                .extracting(hook -> hook.path("target_url").asText())
                .containsOnly(ENDPOINT);

        assertThat(register("convertkit_subscriber_v1", null).made()).isZero();
        assertThat(vendor.hooks()).hasSize(2);
    }

    @Test
    void tellsTheVendorsRefusalWithoutCredentials() {
        vendor.refuse(403);
        assertThatThrownBy(() -> register("github_issue_v1", null))
                .isInstanceOf(IOException.class)
                .hasMessage("The API answered 403: No right to hooks");
    }

    @Test
    void doesNotCallAddressesThatAreNotPublic() {
        http = new VendorHttp(OutboundPolicy.parse(""), LIMIT);
        assertThatThrownBy(() -> register("stripe_charge_v1", null))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("127.0.0.1");
        assertThat(vendor.requests()).isEmpty();
    }

    @Test
    void writesARegistrationOfEveryServiceThatHasOne() {
        List<ServiceDefinition> services =
                CATALOG.services().stream()
                        .filter(service -> service.registration() != null)
                        .toList();
        assertThat(services).hasSizeGreaterThan(55);
        for (ServiceDefinition service : services) {
            RegistrationPlan plan = plan(service.name());
            assertThat(plan.content(service.registration().events(), null).bytes())
                    .as(service.name())
                    .isNotEmpty();
            assertThat(plan.list().getHost()).as(service.name()).isEqualTo("127.0.0.1");
        }
    }
}

package io.webhookdb.schemas.catalog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import io.webhookdb.schemas.row.Extraction;
import io.webhookdb.schemas.row.RowExtractor;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/**
 * An endpoint may be subscribed to more than its table is about: an event of another kind is
 * acknowledged and makes neither a row nor a dead letter.
 */
class SharedEndpointTest {
    private static final Catalog CATALOG = Catalog.load();

    /** Vendors whose events say of what kind they are. */
    private static final Set<String> VENDORS =
            Set.of(
                    "clerk",
                    "github",
                    "gitlab",
                    "intercom",
                    "jira",
                    "linear",
                    "paddle",
                    "pagerduty",
                    "paypal",
                    "resend",
                    "shopify",
                    "slack",
                    "square",
                    "stripe",
                    "zendesk");

    /** Services whose events bring the resource of another one, too. */
    private static final Map<String, Set<String>> BRING_MORE =
            Map.of(
                    "github_issue_comment_v1", Set.of("github_issue_v1"),
                    "github_pull_request_review_v1", Set.of("github_pull_v1"),
                    "github_pull_request_review_comment_v1", Set.of("github_pull_v1"),
                    "intercom_marketplace_root_v1", Set.of("intercom_contact_v1"),
                    "stripe_event_v1", Set.of("stripe_customer_v1"),
                    "stripe_refund_v1", Set.of("stripe_charge_v1"),
                    "stripe_subscription_v1", Set.of("stripe_subscription_item_v1"),
                    "stripe_subscription_item_v1", Set.of("stripe_subscription_v1"));

    @TestFactory
    Stream<DynamicTest> makesNothingOfEventsOfOtherKinds() {
        return CATALOG.services().stream()
                .filter(service -> VENDORS.contains(service.vendor()))
                .filter(ServiceDefinition::supportsWebhooks)
                .filter(service -> !service.name().equals("stripe_event_v1"))
                .map(service -> dynamicTest(service.name(), () -> ignoresOthers(service)));
    }

    private static void ignoresOthers(ServiceDefinition service) {
        RowExtractor extractor = new RowExtractor(service);
        for (ServiceDefinition other : CATALOG.services()) {
            if (other.vendor().equals(service.vendor())
                    && !other.name().equals(service.name())
                    && !BRING_MORE.getOrDefault(other.name(), Set.of()).contains(service.name())) {
                events(other.name())
                        .forEach(
                                event ->
                                        assertThat(extractor.extract(event.event(), 7, 1))
                                                .as("what an event of %s becomes", other.name())
                                                .isInstanceOf(Extraction.Ignored.class));
            }
        }
    }

    private static Stream<Fixture> events(String service) {
        return Stream.of(Fixture.webhook(service), Fixture.delete(service))
                .flatMap(Optional::stream);
    }
}

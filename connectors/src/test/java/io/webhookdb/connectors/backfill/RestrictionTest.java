package io.webhookdb.connectors.backfill;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.webhookdb.connectors.backfill.Listing.Brought;
import io.webhookdb.schemas.catalog.Catalog;
import io.webhookdb.schemas.catalog.ServiceDefinition;
import io.webhookdb.schemas.catalog.Setup.StoredField;
import io.webhookdb.schemas.fetch.BackfillCriteria;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.Test;

class RestrictionTest {
    private static final Catalog CATALOG = Catalog.load();
    private static final Instant NOW = Instant.parse("2026-03-01T10:00:00Z");
    private static final Access ACCESS =
            new Access(
                    "https://api.example.com",
                    Map.of(
                            StoredField.BACKFILL_KEY, "key",
                            StoredField.BACKFILL_SECRET, "secret",
                            StoredField.API_URL, "acme/rockets"));
    private static final String JANUARY = "{\"since\":\"2026-01-01\",\"until\":\"2026-02-01\"}";

    private static Listing listing(String name, String criteria) throws Exception {
        ServiceDefinition service = CATALOG.service(name).orElseThrow();
        return Listing.restricted(
                service.backfill(),
                Restriction.of(
                        service, BackfillCriteria.of(Json.MAPPER.readTree(criteria), service)),
                Position.first(null, null));
    }

    private static Brought answered(Listing listing, String body) throws Exception {
        return listing.answered(
                        new ApiAnswer(
                                200,
                                Map.of("link", "<https://api.example.com/n>; rel=\"next\""),
                                body.getBytes(UTF_8),
                                NOW,
                                NOW))
                .orElseThrow();
    }

    private static String url(Listing listing) throws Exception {
        return listing.request(ACCESS, NOW).uri().toString();
    }

    @Test
    void asksTheVendorForTheTimesItFiltersBy() throws Exception {
        assertThat(url(listing("stripe_charge_v1", JANUARY)))
                .contains("created%5Bgte%5D=1767225600", "created%5Blt%5D=1769904000");
        assertThat(url(listing("github_issue_v1", JANUARY))).contains("since=2026-01-01T00");
        assertThat(url(listing("github_issue_v1", "{\"until\":\"2026-02-01\"}")))
                .doesNotContain("since");
    }

    @Test
    void leavesOutItemsOfOtherTimesAndEndsWhereNothingCanFollow() throws Exception {
        Listing charges = listing("stripe_payment_link_v1", JANUARY);
        assertThat(url(charges)).doesNotContain("created");
        Brought first =
                answered(
                        charges,
                        "{\"data\":[{\"id\":\"late\",\"created\":1769904000},"
                                + "{\"id\":\"in\",\"created\":1769903999},{\"id\":\"none\"}],"
                                + "\"has_more\":true}");
        assertThat(first.items())
                .extracting(item -> item.get("id").asText())
                .containsExactly("in", "none");
        assertThat(first.after()).isNotNull();
        Brought last =
                answered(
                        charges,
                        "{\"data\":[{\"id\":\"in2\",\"created\":1767225600},"
                                + "{\"id\":\"early\",\"created\":1767225599}],\"has_more\":true}");
        assertThat(last.items()).extracting(item -> item.get("id").asText()).containsExactly("in2");
        assertThat(last.after()).isNull();
    }

    @Test
    void goesToTheEndOfAListingThatIsNotSortedByTheTime() throws Exception {
        Brought page =
                answered(
                        listing("github_issue_v1", JANUARY),
                        "[{\"id\":1,\"updated_at\":\"2026-02-03T00:00:00Z\"},"
                                + "{\"id\":2,\"updated_at\":\"2025-02-03T00:00:00Z\"}]");
        assertThat(page.items()).isEmpty();
        assertThat(page.after()).isNotNull();
    }
}

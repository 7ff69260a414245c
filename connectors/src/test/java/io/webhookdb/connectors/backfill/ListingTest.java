package io.webhookdb.connectors.backfill;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.webhookdb.connectors.backfill.ApiRequest.Redirects;
import io.webhookdb.connectors.backfill.Listing.Brought;
import io.webhookdb.schemas.catalog.Backfill;
import io.webhookdb.schemas.catalog.Catalog;
import io.webhookdb.schemas.catalog.OwnDefinition;
import io.webhookdb.schemas.catalog.Setup.StoredField;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ListingTest {
    private static final Catalog CATALOG = Catalog.load();
    private static final Instant NOW = Instant.parse("2026-03-01T10:00:00Z");
    private static final Access ACCESS =
            new Access(
                    "https://api.example.com",
                    Map.of(
                            StoredField.BACKFILL_KEY, "key/1",
                            StoredField.BACKFILL_SECRET, "secret&2",
                            StoredField.API_URL, "acme/rock ets"));

    private static Backfill backfill(String service) {
        return CATALOG.service(service).orElseThrow().backfill();
    }

    private static Listing listing(String service, Long watermarkMicros) {
        return new Listing(backfill(service), Position.first(null, watermarkMicros));
    }

    private static ApiAnswer answer(int status, String body, String... headers) {
        Map<String, String> named = new java.util.HashMap<>();
        for (int i = 0; i < headers.length; i += 2) {
            named.put(headers[i], headers[i + 1]);
        }
        return new ApiAnswer(status, named, body.getBytes(UTF_8), NOW, NOW.plusMillis(100));
    }

    private static String url(Listing listing) throws ApiException {
        return listing.request(ACCESS, NOW).uri().toString();
    }

    @Test
    void followsTheLastItemUntilThereAreNoMore() throws Exception {
        Listing charges = listing("stripe_charge_v1", null);
        assertThat(url(charges)).isEqualTo("https://api.example.com/v1/charges?limit=100");
        Brought first =
                charges.answered(
                                answer(
                                        200,
                                        "{\"data\":[{\"id\":\"a\",\"n\":1.10},{\"id\":\"b\"}],"
                                                + "\"has_more\":true}"))
                        .orElseThrow();
        // Numbers stay as they were written.
        assertThat(first.items().get(0).toString()).isEqualTo("{\"id\":\"a\",\"n\":1.10}");
        assertThat(url(charges)).endsWith("?limit=100&starting_after=b");
        Brought last =
                charges.answered(answer(200, "{\"data\":[{\"id\":\"c\"}],\"has_more\":false}"))
                        .orElseThrow();
        assertThat(last.after()).isNull();
    }

    @Test
    void startsAgainFromAPositionThatWasWrittenAndRead() throws Exception {
        Position position = new Position(null, 1, "7", 5L);
        assertThat(Json.read(Json.bytes(position), Position.class)).isEqualTo(position);
        Listing subscribers = new Listing(backfill("convertkit_subscriber_v1"), position);
        assertThat(url(subscribers))
                .contains("sort_field=cancelled_at", "page=7", "api_secret=secret%262");
    }

    @Test
    void goesThroughEveryPassBeforeItEnds() throws Exception {
        Listing shows = listing("transistor_show_v1", null);
        String page = "{\"data\":[{\"id\":\"1\"}],\"meta\":{\"currentPage\":1,\"totalPages\":1}}";
        assertThat(url(shows)).contains("private=false", "pagination%5Bpage%5D=1");
        assertThat(shows.answered(answer(200, page)).orElseThrow().after()).isNotNull();
        assertThat(url(shows)).contains("private=true");
        assertThat(shows.answered(answer(200, page)).orElseThrow().after()).isNull();
    }

    /** Page and paths as in Email Octopus's API 1.6; without an item, paging is an empty array. */
    @Test
    void asksForEachReportOfACampaignAndSaysInItsItemsWhichItIs() throws Exception {
        ParentRow campaign =
                new ParentRow("1", Map.of("/id", Json.MAPPER.getNodeFactory().textNode("1")));
        Listing events =
                new Listing(backfill("email_octopus_event_v1"), Position.first(campaign, null));
        String base = "https://api.example.com";
        String bounced = "/api/1.6/campaigns/1/reports/bounced?api_key=key%2F1&limit=100&page=2";
        assertThat(url(events))
                .isEqualTo(base + "/api/1.6/campaigns/1/reports/bounced?limit=100&api_key=key%2F1");
        Brought first =
                events.answered(
                                answer(
                                        200,
                                        "{\"data\":[{\"contact\":{\"id\":\"c\"}}],"
                                                + "\"paging\":{\"next\":\""
                                                + bounced
                                                + "\"}}"))
                        .orElseThrow();
        assertThat(first.items().get(0).toString())
                .isEqualTo(
                        "{\"contact\":{\"id\":\"c\"},\"campaign_id\":\"1\","
                                + "\"event_type\":\"contact.bounced\"}");
        assertThat(url(events)).startsWith(base + "/api/1.6/campaigns/1/reports/bounced?");
        for (String report : List.of("clicked", "complained", "opened", "unsubscribed")) {
            events.answered(answer(200, "{\"data\":[],\"paging\":[]}"));
            assertThat(url(events)).startsWith(base + "/api/1.6/campaigns/1/reports/" + report);
        }
        Brought last = events.answered(answer(200, "{\"data\":[{}],\"paging\":[]}")).orElseThrow();
        assertThat(last.items().get(0).get("event_type").asText())
                .isEqualTo("contact.unsubscribed");
        assertThat(last.after()).isNull();
    }

    /** https://developers.convertkit.com/#get-stats-for-a-broadcast shows the second form. */
    @Test
    void takesConvertKitsStatisticsInBothForms() throws Exception {
        for (String form : List.of("{\"id\":1,\"stats\":%s}", "[{\"id\":1,\"stats\":%s}]")) {
            Listing broadcasts = listing("convertkit_broadcast_v1", null);
            String stats = "{\"recipients\":82,\"open_rate\":60.975}";
            assertThat(broadcasts.answered(answer(200, "{\"broadcasts\":[{\"id\":1}]}"))).isEmpty();
            assertThat(url(broadcasts)).contains("/v3/broadcasts/1/stats?");
            Brought whole =
                    broadcasts
                            .answered(answer(200, "{\"broadcast\":" + form.formatted(stats) + "}"))
                            .orElseThrow();
            assertThat(whole.items().get(0).toString())
                    .isEqualTo("{\"id\":1,\"enrichment\":" + stats + "}");
        }
    }

    @Test
    void takesTheNextUrlOfALinkHeaderButOnlyToTheSameServer() throws Exception {
        Listing keys = listing("github_deploy_key_v1", null);
        assertThat(url(keys))
                .isEqualTo("https://api.example.com/repos/acme/rock%20ets/keys?per_page=100");
        String next = "https://api.example.com/repositories/1/keys?page=2";
        keys.answered(
                answer(200, "[{\"id\":1}]", "link", "<x>; rel=\"last\", <" + next + ">; rel=next"));
        assertThat(url(keys)).isEqualTo(next);
        String relative = "</repositories/1/keys?page=3>; rel=\"next\"";
        keys.answered(answer(200, "[{\"id\":2}]", "link", relative));
        assertThat(url(keys)).isEqualTo("https://api.example.com/repositories/1/keys?page=3");
        keys.answered(answer(200, "[]", "link", "<https://evil.example/x>; rel=\"next\""));
        assertThatThrownBy(() -> url(keys))
                .isInstanceOf(ApiException.class)
                .hasMessageContaining("evil.example")
                .hasMessageContaining("expected https://api.example.com:443");
    }

    /** Feeds move; nothing of an account goes with them. */
    @Test
    void mayBeRedirectedAnywhereWithoutCredentialsOnly() throws Exception {
        assertThat(redirects(backfill("atom_single_feed_v1"))).isEqualTo(Redirects.ANYWHERE);
        assertThat(redirects(backfill("github_issue_v1"))).isEqualTo(Redirects.SAME_ORIGIN);
        Backfill inHeader =
                OwnDefinition.read(
                                """
                                service: acme_order_v1
                                key: {column: acme_id, type: text, pointer: /id}
                                backfill:
                                  base: https://api.example.com
                                  headers: [{name: X-Key, value: {stored: backfill-secret}}]
                                  path: [/orders]
                                """)
                        .backfill();
        assertThat(redirects(inHeader)).isEqualTo(Redirects.SAME_ORIGIN);
    }

    private static Redirects redirects(Backfill backfill) throws ApiException {
        return new Listing(backfill, Position.first(null, null)).request(ACCESS, NOW).redirects();
    }

    @Test
    void endsWithThePageWhoseLastItemIsOlderThanTheWatermark() throws Exception {
        long watermark = Instant.parse("2026-02-01T00:00:00Z").toEpochMilli() * 1000;
        Listing pulls = listing("github_pull_v1", watermark);
        String link = "<https://api.example.com/n>; rel=\"next\"";
        String newer = "[{\"id\":1,\"updated_at\":\"2026-02-03T00:00:00Z\"}]";
        assertThat(pulls.answered(answer(200, newer, "link", link)).orElseThrow().after())
                .isNotNull();
        String older =
                "[{\"id\":2,\"updated_at\":\"2026-02-02T00:00:00Z\"},"
                        + "{\"id\":3,\"updated_at\":\"2026-01-31T23:59:59Z\"}]";
        Brought last =
                pulls.answered(
                                answer(
                                        200,
                                        older,
                                        "link",
                                        "<https://api.example.com/m>; rel=\"next\""))
                        .orElseThrow();
        assertThat(last.items()).hasSize(2);
        assertThat(last.after()).isNull();
    }

    @Test
    void asksOnlyForWhatChangedWhereTheVendorFilters() throws Exception {
        long watermark = Instant.parse("2026-02-01T00:00:00.5Z").toEpochMilli() * 1000;
        assertThat(url(listing("github_issue_v1", watermark)))
                .contains("since=2026-02-01T00%3A00%3A00Z");
        assertThat(url(listing("github_issue_v1", null))).doesNotContain("since");
    }

    @Test
    void holdsAPageUntilEveryItemHasItsDetail() throws Exception {
        Listing issues = listing("github_issue_v1", null);
        assertThat(
                        issues.answered(
                                answer(
                                        200,
                                        "[{\"id\":1,\"number\":11,\"state\":\"open\"},"
                                            + "{\"id\":2,\"number\":12,\"state\":\"closed\"}]")))
                .isEmpty();
        assertThat(url(issues)).endsWith("/issues/12");
        assertThatThrownBy(() -> issues.answered(answer(502, ""))).isInstanceOf(ApiException.class);
        assertThat(url(issues)).endsWith("/issues/12");
        Brought page =
                issues.answered(answer(200, "{\"id\":2,\"number\":12,\"closed_by\":{\"id\":9}}"))
                        .orElseThrow();
        assertThat(page.items()).extracting(ObjectNode::toString).last().asString().contains("9");
    }

    @Test
    void refusesAPageThatNamesItselfAsTheNext() throws Exception {
        Listing events = listing("increase_event_v1", null);
        String page = "{\"data\":[{\"id\":\"1\"}],\"next_cursor\":\"c\"}";
        events.answered(answer(200, page));
        assertThatThrownBy(() -> events.answered(answer(200, page)))
                .hasMessageContaining("names itself");
    }

    @Test
    void classifiesWhatIsNoPage() {
        assertThat(failure(401, "{\"message\":\"Bad credentials\"}"))
                .isEqualTo(ApiFailure.CONFIGURATION);
        assertThat(failure(429, "")).isEqualTo(ApiFailure.WAIT);
        assertThat(failure(403, "", "x-ratelimit-remaining", "0")).isEqualTo(ApiFailure.WAIT);
        assertThat(failure(403, "")).isEqualTo(ApiFailure.CONFIGURATION);
        String limited = "{\"message\":\"You have exceeded a secondary rate limit.\"}";
        assertThat(failure(403, limited)).isEqualTo(ApiFailure.WAIT);
        assertThat(failure(503, "", "retry-after", "3")).isEqualTo(ApiFailure.WAIT);
        assertThat(failure(503, "")).isEqualTo(ApiFailure.TRANSIENT);
        assertThat(failure(301, "")).isEqualTo(ApiFailure.CONFIGURATION);
        assertThat(failure(200, "<html>")).isEqualTo(ApiFailure.UNREADABLE);
        assertThat(failure(200, "{\"data\":{}}")).isEqualTo(ApiFailure.UNREADABLE);
    }

    @Test
    void waitsAsLongAsTheVendorSays() {
        assertThat(retryAt("retry-after", "3")).isEqualTo(NOW.plusMillis(3100));
        assertThat(retryAt("retry-after", "Sun, 01 Mar 2026 10:05:00 GMT"))
                .isEqualTo(NOW.plusSeconds(300));
        assertThat(retryAt("x-ratelimit-reset", Long.toString(NOW.getEpochSecond() + 60)))
                .isEqualTo(NOW.plusSeconds(60));
        assertThat(retryAt("retry-after", "99999999"))
                .isEqualTo(NOW.plusMillis(100).plus(Duration.ofHours(24)));
    }

    /** A clock that runs ahead sees a time that is over. */
    @Test
    void neverAsksAgainAtOnce() {
        Instant soon = NOW.plusMillis(1100);
        assertThat(retryAt("retry-after", "0")).isEqualTo(soon);
        assertThat(retryAt("retry-after", "Sun, 01 Mar 2026 09:00:00 GMT")).isEqualTo(soon);
        assertThat(retryAt("x-ratelimit-reset", Long.toString(NOW.getEpochSecond() - 60)))
                .isEqualTo(soon);
    }

    /** Of a pull request that may not be read the rest counts, not of one while we must wait. */
    @Test
    void asksForADetailAgainThatALimitKeptBack() throws Exception {
        Listing pulls = listing("github_pull_v1", null);
        pulls.answered(
                answer(200, "[{\"id\":2,\"number\":12,\"merged_at\":\"2026-01-01T00:00:00Z\"}]"));
        assertThatThrownBy(() -> pulls.answered(answer(403, "", "x-ratelimit-remaining", "0")))
                .isInstanceOf(ApiException.class);
        assertThat(url(pulls)).endsWith("/pulls/12");
        Brought page =
                pulls.answered(answer(403, "{\"message\":\"Resource not accessible\"}"))
                        .orElseThrow();
        assertThat(page.items()).hasSize(1);
    }

    @Test
    void takesNoContentForAnEmptyPage() throws Exception {
        Brought none = listing("github_issue_v1", null).answered(answer(204, "")).orElseThrow();
        assertThat(none.items()).isEmpty();
        assertThat(none.after()).isNull();
    }

    @Test
    void takesAnExpectedStatusForAnEmptyPage() throws Exception {
        Listing contacts = listing("intercom_contact_v1", null);
        Brought none = contacts.answered(answer(403, "")).orElseThrow();
        assertThat(none.items()).isEmpty();
        assertThat(none.after()).isNull();
    }

    @Test
    void readsTheVendorsClock() {
        String behind = "Sun, 01 Mar 2026 09:59:00 GMT";
        assertThat(answer(200, "[]", "date", behind).startedAtVendor())
                .isEqualTo(NOW.minusSeconds(60).minusMillis(100));
        assertThat(answer(200, "[]", "date", "Sun, 01 Mar 2026 10:00:00 GMT").startedAtVendor())
                .isEqualTo(NOW);
        assertThat(answer(200, "[]").startedAtVendor()).isEqualTo(NOW);
    }

    private static Instant retryAt(String header, String value) {
        try {
            AnswerJudge.judge(answer(429, "", header, value), List.of());
            throw new AssertionError("no failure");
        } catch (ApiException e) {
            return e.retryAt();
        }
    }

    private static ApiFailure failure(int status, String body, String... headers) {
        try {
            listing("stripe_charge_v1", null).answered(answer(status, body, headers));
            throw new AssertionError("no failure");
        } catch (ApiException e) {
            return e.failure();
        }
    }
}

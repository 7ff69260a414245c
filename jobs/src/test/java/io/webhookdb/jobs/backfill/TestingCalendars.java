package io.webhookdb.jobs.backfill;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.webhookdb.jobs.backfill.TestingVendor.Answer;
import io.webhookdb.jobs.backfill.TestingVendor.Call;
import java.net.URLDecoder;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Google's and Microsoft's calendars on loopback: token endpoints, and listings in pages of two for
 * whoever's access token comes. Owners have the refresh token {@code rt-OWNER}.
 */
final class TestingCalendars {
    private static final int PAGE = 2;

    private final TestingVendor vendor;
    private final Map<String, ArrayNode> lists = new ConcurrentHashMap<>();
    private final Set<String> revoked = ConcurrentHashMap.newKeySet();
    private final Map<String, Integer> renewing = new ConcurrentHashMap<>();

    TestingCalendars(TestingVendor vendor) {
        this.vendor = vendor;
        vendor.on("/token", this::token);
        vendor.on("/common/oauth2/v2.0/token", this::token);
        vendor.on("/users/me/calendarList", call -> google(call, "calendars"));
        vendor.on("/users/me/calendarList/watch", this::watch);
        vendor.on("/subscriptions", this::watch);
        vendor.on("/me/calendars", call -> microsoft(call, "calendars"));
    }

    /** From now on the owner's refresh token is refused. */
    void revoke(String owner) {
        revoked.add(owner);
    }

    /**
     * From now on the owner's refresh token, {@code rt-OWNER~0}, is good for one access token of a
     * second, with which comes the next.
     */
    void renews(String owner) {
        renewing.put(owner, 0);
    }

    /** Adds a calendar of Google's. */
    void google(String owner, String calendar, ObjectNode... events) {
        add(owner + " calendars", object().put("id", calendar).put("timeZone", "Europe/Berlin"));
        for (ObjectNode event : events) {
            add(owner + " " + calendar, event);
        }
        vendor.on("/calendars/" + calendar + "/events", call -> google(call, calendar));
        vendor.on("/calendars/" + calendar + "/events/watch", this::watch);
    }

    /** Adds a calendar of Microsoft's. */
    void microsoft(String owner, String calendar, ObjectNode... events) {
        vendor.on("/subscriptions/sub-" + owner, this::watch);
        add(owner + " calendars", object().put("id", calendar).put("isDefaultCalendar", true));
        for (ObjectNode event : events) {
            add(owner + " " + calendar, event);
        }
        vendor.on("/me/calendars/" + calendar + "/calendarView", call -> microsoft(call, calendar));
    }

    /** Channels end a moment after they have to be renewed. */
    private Answer watch(Call call) {
        JsonNode asked;
        try {
            asked = TestingVendor.JSON.readTree(call.body());
        } catch (JsonProcessingException e) {
            return Answer.of(400, "{}");
        }
        String owner = call.headers().getOrDefault("authorization", "").replace("Bearer at-", "");
        Instant ends = Instant.now().plus(Duration.ofDays(1)).plusSeconds(2);
        return Answer.json(
                object().put("id", asked.path("id").asText("sub-" + owner))
                        .put("resourceId", "watched")
                        .put("expiration", Long.toString(ends.toEpochMilli()))
                        .put("expirationDateTime", ends.toString()));
    }

    /** A calendar of Google's of which nothing is told. */
    void unwatchable(String calendar) {
        vendor.on(
                "/calendars/" + calendar + "/events/watch",
                call ->
                        Answer.of(
                                400,
                                "{\"error\":{\"errors\":[{\"reason\":"
                                        + "\"pushNotSupportedForRequestedResource\"}]}}"));
    }

    /** What an owner's calendar has; may be changed. */
    ArrayNode events(String owner, String calendar) {
        return lists.get(owner + " " + calendar);
    }

    private void add(String list, ObjectNode item) {
        lists.computeIfAbsent(list, key -> TestingVendor.JSON.createArrayNode()).add(item);
    }

    static ObjectNode object() {
        return TestingVendor.JSON.createObjectNode();
    }

    private Answer token(Call call) {
        String form = URLDecoder.decode(call.body(), UTF_8);
        String owner = form.replaceAll("(?s).*refresh_token=rt-([^&]*).*", "$1");
        boolean good =
                call.method().equals("POST")
                        && form.contains("grant_type=refresh_token")
                        && form.contains("client_id=" + TestingBackfill.KEY)
                        && form.contains("client_secret=s" + TestingBackfill.KEY);
        if (!good) {
            return Answer.of(401, "{\"error\":\"invalid_client\"}");
        }
        if (owner.contains("~")) {
            return renewed(owner.substring(0, owner.indexOf('~')), owner);
        }
        return revoked.contains(owner)
                ? Answer.of(
                        400,
                        "{\"error\":\"invalid_grant\",\"error_description\":\"Token has been"
                                + " expired or revoked.\"}")
                : Answer.of(200, "{\"access_token\":\"at-" + owner + "\",\"expires_in\":3599}");
    }

    private Answer renewed(String owner, String token) {
        int now = renewing.get(owner);
        if (!token.equals(owner + "~" + now)) {
            return Answer.of(400, "{\"error\":\"invalid_grant\"}");
        }
        renewing.put(owner, now + 1);
        return Answer.json(
                object().put("access_token", "at-" + owner)
                        .put("expires_in", 61)
                        .put("refresh_token", "rt-" + owner + "~" + (now + 1)));
    }

    private Answer google(Call call, String list) {
        ArrayNode all = all(call, list);
        if (all == null) {
            return Answer.of(401, "{\"error\":{\"message\":\"Invalid Credentials\"}}");
        }
        ArrayNode wanted = TestingVendor.JSON.createArrayNode();
        String since = call.query().get("updatedMin");
        boolean single = "true".equals(call.query().get("singleEvents"));
        for (JsonNode item : all) {
            boolean old = since != null && item.path("updated").asText("9").compareTo(since) < 0;
            boolean other = item.has("recurringEventId") && !single;
            if (!old && !other) {
                wanted.add(item);
            }
        }
        int from = Integer.parseInt(call.query().getOrDefault("pageToken", "0"));
        ObjectNode page = object();
        page.set("items", slice(wanted, from));
        if (from + PAGE < wanted.size()) {
            page.put("nextPageToken", Integer.toString(from + PAGE));
        }
        return Answer.json(page);
    }

    private Answer microsoft(Call call, String list) {
        ArrayNode all = all(call, list);
        if (all == null) {
            return Answer.of(401, "{\"error\":{\"message\":\"Access token is empty.\"}}");
        }
        int from = Integer.parseInt(call.query().getOrDefault("$skip", "0"));
        ObjectNode page = object();
        page.set("value", slice(all, from));
        if (from + PAGE < all.size()) {
            page.put(
                    "@odata.nextLink",
                    vendor.url() + call.path() + "?$top=500&$skip=" + (from + PAGE));
        }
        return Answer.json(page);
    }

    private ArrayNode all(Call call, String list) {
        String authorization = call.headers().getOrDefault("authorization", "");
        return authorization.startsWith("Bearer at-")
                ? lists.getOrDefault(
                        authorization.substring("Bearer at-".length()) + " " + list,
                        TestingVendor.JSON.createArrayNode())
                : null;
    }

    private static ArrayNode slice(ArrayNode all, int from) {
        ArrayNode slice = TestingVendor.JSON.createArrayNode();
        for (int i = from; i < Math.min(from + PAGE, all.size()); i++) {
            slice.add(all.get(i));
        }
        return slice;
    }
}

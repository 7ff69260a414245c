package io.webhookdb.standalone.demo;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;

/**
 * Sample webhooks, made for this demo: customers and charges as Stripe sends them, issues as GitHub
 * does. Several events a row, shuffled, every fifth sent twice.
 */
final class Samples {
    static final String STRIPE_CUSTOMER = "stripe_customer_v1";
    static final String STRIPE_CHARGE = "stripe_charge_v1";
    static final String GITHUB_ISSUE = "github_issue_v1";

    private static final List<String> NAMES =
            List.of("Ada", "Grace", "Edsger", "Barbara", "Alan", "Donald", "Frances", "Tony");
    private static final int REPEAT_EVERY = 5;

    private final Random random = new Random(20_260_101);
    private final long start = Instant.parse("2026-01-01T00:00:00Z").getEpochSecond();

    /** Column in which a row shows which event won. */
    static String markerColumn(String service) {
        return switch (service) {
            case STRIPE_CUSTOMER -> "balance";
            case STRIPE_CHARGE -> "amount";
            case GITHUB_ISSUE -> "state";
            default -> throw new IllegalArgumentException("No samples for " + service);
        };
    }

    /** All events in the order they are sent. */
    List<SampleEvent> shuffledWithRepeats() {
        List<SampleEvent> events = new ArrayList<>();
        for (int row = 0; row < 20; row++) {
            for (int version = 0; version < 5; version++) {
                long at = start + row * 1_000L + version * 10L;
                events.add(customer("cus_demo" + row, NAMES.get(row % NAMES.size()), at, version));
                events.add(charge("ch_demo" + row, "cus_demo" + row, at, version));
            }
            for (int version = 0; version < 3; version++) {
                events.add(
                        issue(9_000_000_000L + row, row + 1, start + row * 60L + version, version));
            }
        }
        Collections.shuffle(events, random);
        List<SampleEvent> withRepeats = new ArrayList<>();
        for (SampleEvent event : events) {
            withRepeats.add(event);
            if (withRepeats.size() % REPEAT_EVERY == 0) {
                withRepeats.add(event);
            }
        }
        return withRepeats;
    }

    /** A customer, as customer.updated brings it. */
    SampleEvent customer(String id, String name, long at, int version) {
        String object =
                """
                {"id":"%s","object":"customer","balance":%d,"created":%d,"email":"%s@example.com",\
                "name":"%s","phone":null,"livemode":false,"metadata":{"version":"%d"}}\
                """
                        .formatted(
                                id,
                                version * 100,
                                start,
                                name.toLowerCase(java.util.Locale.ROOT),
                                name,
                                version);
        return new SampleEvent(
                STRIPE_CUSTOMER,
                id,
                at,
                Integer.toString(version * 100),
                Map.of(),
                stripe("customer.updated", at, id + "_" + version, object));
    }

    private SampleEvent charge(String id, String customer, long at, int version) {
        String object =
                """
                {"id":"%s","object":"charge","amount":%d,"balance_transaction":"txn_%s",\
                "billing_details":{"email":null},"created":%d,"customer":"%s","receipt_email":null,\
                "status":"%s","payment_method_details":{"type":"card"}}\
                """
                        .formatted(
                                id,
                                1_000 + version,
                                id,
                                start,
                                customer,
                                version == 0 ? "pending" : "succeeded");
        return new SampleEvent(
                STRIPE_CHARGE,
                id,
                at,
                Integer.toString(1_000 + version),
                Map.of(),
                stripe("charge.updated", at, id + "_" + version, object));
    }

    private static String stripe(String type, long created, String id, String object) {
        return """
        {"id":"evt_%s","object":"event","created":%d,"livemode":false,"type":"%s","data":{"object":%s}}\
        """
                .formatted(id, created, type, object);
    }

    private static SampleEvent issue(long id, int number, long at, int version) {
        String state = version == 1 ? "closed" : "open";
        String action = List.of("opened", "closed", "reopened").get(version);
        String time = Instant.ofEpochSecond(at).toString();
        String body =
                """
                {"action":"%s","issue":{"id":%d,"node_id":"I_%d","number":%d,"state":"%s",\
                "title":"Sample issue %d","user":{"id":1},"assignees":[{"id":1},{"id":2}],\
                "labels":[{"id":%d,"name":"bug"}],"milestone":null,"created_at":"2026-01-01T00:00:00Z",\
                "closed_at":%s,"updated_at":"%s"},"repository":{"id":1}}\
                """
                        .formatted(
                                action,
                                id,
                                id,
                                number,
                                state,
                                number,
                                version,
                                version == 1 ? '"' + time + '"' : "null",
                                time);
        return new SampleEvent(
                GITHUB_ISSUE,
                Long.toString(id),
                at,
                state,
                Map.of(
                        "X-GitHub-Event",
                        "issues",
                        "X-GitHub-Hook-ID",
                        "1",
                        "X-GitHub-Delivery",
                        id + "-" + version),
                body);
    }
}

package io.webhookdb.benchmarks;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.webhookdb.schemas.catalog.Catalog;
import io.webhookdb.schemas.catalog.ServiceDefinition;
import io.webhookdb.schemas.event.Event;
import io.webhookdb.schemas.event.EventIds;
import io.webhookdb.schemas.event.Origin;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import java.util.regex.Pattern;

/** What the benchmarks replicate: Stripe charges, ten columns of which eight are indexed. */
public final class Charges {
    /** The service. */
    public static final ServiceDefinition SERVICE =
            Catalog.load().service("stripe_charge_v1").orElseThrow();

    /** Second of the first state of every charge; later states count up from it. */
    static final long SECOND = 1_700_000_000L;

    private static final String BODY =
            """
            {"id":"evt_%1$s_%2$d","object":"event","api_version":"2020-08-27","created":%2$d,"data":\
            {"object":{"id":"%1$s","object":"charge","amount":%3$d,"amount_captured":%3$d,\
            "amount_refunded":0,"application":null,"application_fee":null,"balance_transaction":\
            "txn_%1$s","billing_details":{"address":{"city":"Portland","country":"US","line1":\
            "1 Main St","postal_code":"97201","state":"OR"},"email":"%1$s@example.com","name":\
            "Jo Example","phone":"+15035550100"},"captured":true,"created":1600000000,"currency":\
            "usd","customer":"cus_%1$s","description":"Order %2$d","disputed":false,\
            "failure_code":null,"fraud_details":{},"invoice":"in_%1$s","livemode":true,"metadata":\
            {"order_id":"%1$s"},"outcome":{"network_status":"approved_by_network","risk_level":\
            "normal","risk_score":7,"seller_message":"Payment complete.","type":"authorized"},\
            "paid":true,"payment_intent":null,"payment_method":"card_19yUNL2eZvKYlo2CNGsN6EWH",\
            "payment_method_details":{"card":{"brand":"visa","country":"US","exp_month":12,\
            "exp_year":2030,"funding":"credit","last4":"4242","network":"visa"},"type":"card"},\
            "receipt_email":"%1$s@example.com","refunded":false,"refunds":{"object":"list","data":\
            [],"has_more":false},"status":"succeeded"}},"livemode":true,"pending_webhooks":1,\
            "type":"charge.updated"}\
            """;

    /**
     * What stands between the key (1), the second (2) and the amount (3): formatting anew would
     * cost the sender more than the event costs the job.
     */
    private static final String[] PIECES = BODY.split("%[123]\\$[sd]", -1);

    private static final int[] PLACES =
            Pattern.compile("%([123])\\$[sd]")
                    .matcher(BODY)
                    .results()
                    .mapToInt(match -> Integer.parseInt(match.group(1)))
                    .toArray();

    private static final EventIds IDS = new EventIds();

    private Charges() {}

    static String key(long number) {
        String digits = Long.toString(number);
        return "ch_" + "0".repeat(Math.max(0, 10 - digits.length())) + digits;
    }

    /**
     * The body of a webhook about a charge, about 1.3 kB.
     *
     * @param state 0 for the first, then upwards
     */
    public static byte[] body(long number, int state) {
        String[] values = {
            key(number), Long.toString(SECOND + state), Long.toString(100 + number % 10_000 + state)
        };
        StringBuilder body = new StringBuilder(1_500).append(PIECES[0]);
        for (int i = 0; i < PLACES.length; i++) {
            body.append(values[PLACES[i] - 1]).append(PIECES[i + 1]);
        }
        return body.toString().getBytes(UTF_8);
    }

    /** That webhook as ingest accepts it, received now. */
    public static Event event(String integration, long number, int state) {
        return event(integration, body(number, state));
    }

    static Event event(String integration, byte[] body) {
        return new Event(
                IDS.next(),
                integration,
                1,
                ChronoUnit.MICROS.between(Instant.EPOCH, Instant.now()),
                Origin.WEBHOOK,
                "POST",
                "/v1/service_integrations/" + integration,
                "",
                "application/json",
                Map.of(),
                "verified",
                body);
    }
}

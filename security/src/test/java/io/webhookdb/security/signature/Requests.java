package io.webhookdb.security.signature;

import io.webhookdb.schemas.catalog.Verification;
import io.webhookdb.schemas.catalog.Verification.Algorithm;
import io.webhookdb.schemas.catalog.Verification.Encoding;
import io.webhookdb.schemas.catalog.Verification.Scheme;
import java.time.Instant;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** The vendors' schemes as the catalogue writes them, and requests to try them on. */
final class Requests {
    static final Instant NOW = Instant.parse("2026-03-04T05:06:07Z");

    static final Verification STRIPE =
            new Verification(
                    Scheme.HMAC_TIMESTAMPED,
                    "Stripe-Signature",
                    Algorithm.SHA256,
                    Encoding.HEX,
                    "",
                    300,
                    null,
                    "stripe-java");
    static final Verification GITHUB =
            new Verification(
                    Scheme.HMAC_BODY,
                    "X-Hub-Signature-256",
                    Algorithm.SHA256,
                    Encoding.HEX,
                    "sha256=",
                    null,
                    409,
                    "GitHub documentation");
    static final Verification SHOPIFY =
            new Verification(
                    Scheme.HMAC_BODY,
                    "X-Shopify-Hmac-Sha256",
                    Algorithm.SHA256,
                    Encoding.BASE64,
                    "",
                    null,
                    null,
                    "Shopify documentation");
    static final Verification STATIC =
            new Verification(
                    Scheme.STATIC_HEADER,
                    "Whdb-Webhook-Secret",
                    null,
                    null,
                    null,
                    null,
                    null,
                    "own");
    static final Verification NONE =
            new Verification(Scheme.NONE, null, null, null, null, null, null, "own");

    private Requests() {}

    /** Headers as a server hands them out. */
    static UnaryOperator<String> headers(String name, String value) {
        Map<String, String> map = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
        map.put(name, value);
        return map::get;
    }

    static UnaryOperator<String> noHeaders() {
        return name -> null;
    }

    /** A vendor's event of about 4 kB. */
    static String event() {
        return IntStream.range(0, 90)
                .mapToObj(
                        i -> "\"field_" + i + "\": {\"value\": \"größe " + i + "\", \"at\": null}")
                .collect(Collectors.joining(",\n ", "{\"object\": \"event\",\n ", "}"));
    }
}

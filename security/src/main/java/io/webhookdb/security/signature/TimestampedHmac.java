package io.webhookdb.security.signature;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.webhookdb.schemas.catalog.Verification;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;

/**
 * {@code t=<unix seconds>,v1=<signature>[,v1=...]} over {@code <t>.<body>}: Stripe ("Verify webhook
 * signatures manually"; stripe-java, {@code Webhook.Signature}).
 *
 * <p>While a secret is rolled Stripe signs with both, so any {@code v1} may match. Other schemes
 * ({@code v0} is Stripe's test scheme) are ignored, lest a weaker one be taken. As in Stripe's
 * libraries a wrong signature is reported before a wrong time, and the window is inclusive. Unlike
 * stripe-java the window also ends in the future: a time far ahead means that one of the two clocks
 * is wrong, and then replays could not be told.
 */
final class TimestampedHmac implements SignatureVerifier {
    /** Plain digits, no sign and few enough not to overflow. */
    private static final Pattern SECONDS = Pattern.compile("[0-9]{1,12}");

    private final String header;
    private final Integer toleranceSeconds;
    private final PreparedMac mac;
    private final Rejections rejections;

    TimestampedHmac(Verification verification, PreparedMac mac) {
        this.header = verification.header();
        this.toleranceSeconds = verification.toleranceSeconds();
        this.mac = mac;
        this.rejections =
                Rejections.of(header, "t=<unix seconds>,v1=<signature>", toleranceSeconds);
    }

    @Override
    public Verdict verify(UnaryOperator<String> headers, byte[] body, Instant now) {
        String value = headers.apply(header);
        if (value == null || value.isEmpty()) {
            return rejections.missing();
        }
        String time = null;
        List<String> candidates = new ArrayList<>(2);
        for (String item : value.split(",", -1)) {
            if (item.startsWith("v1=")) {
                candidates.add(item.substring(3));
            } else if (item.startsWith("t=") && time == null) {
                time = item.substring(2);
            }
        }
        if (time == null || candidates.isEmpty() || !SECONDS.matcher(time).matches()) {
            return rejections.malformed();
        }
        // The time is signed as it was written, not as it was parsed: "01" is not "1".
        PreparedMac.Expected expected = mac.sign((time + '.').getBytes(US_ASCII), body);
        if (candidates.stream().noneMatch(expected::is)) {
            return rejections.mismatch();
        }
        return isTimely(Long.parseLong(time), now)
                ? Verdict.Accepted.VERIFIED
                : rejections.outOfTime();
    }

    private boolean isTimely(long signed, Instant now) {
        return toleranceSeconds == null
                || Math.abs(now.getEpochSecond() - signed) <= toleranceSeconds;
    }
}

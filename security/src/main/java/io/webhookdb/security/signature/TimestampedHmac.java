package io.webhookdb.security.signature;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.webhookdb.schemas.catalog.TimeSource;
import io.webhookdb.schemas.catalog.Verification;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;

/**
 * {@code t=<unix seconds>,v1=<signature>[,v1=...]} over {@code <t>.<body>}: Stripe ("Verify webhook
 * signatures manually"; stripe-java, {@code Webhook.Signature}), Calendly. Paddle writes {@code
 * ts=<unix seconds>;h1=<signature>} and signs {@code <ts>:<body>} (paddle-node-sdk, {@code
 * WebhooksValidator}). Increase writes the time as ISO 8601 ("Webhooks", increase-java).
 *
 * <p>While a secret is rolled Stripe signs with both, so any {@code v1} may match. Other schemes
 * ({@code v0} is Stripe's test scheme) are ignored, lest a weaker one be taken. As in Stripe's
 * libraries a wrong signature is reported before a wrong time, and the window is inclusive. Unlike
 * stripe-java the window also ends in the future: a time far ahead means that one of the two clocks
 * is wrong, and then replays could not be told.
 */
final class TimestampedHmac implements HeaderVerifier {
    /** Plain digits, no sign and few enough not to overflow. */
    private static final Pattern SECONDS = Pattern.compile("[0-9]{1,12}");

    private final TimeSource.Format timestampFormat;
    private final String header;
    private final String timestampItem;
    private final String signatureItem;
    private final String itemSeparator;
    private final String separator;
    private final Integer toleranceSeconds;
    private final PreparedMac mac;
    private final Rejections rejections;

    TimestampedHmac(Verification verification, PreparedMac mac) {
        this.timestampFormat = verification.timestampFormat();
        this.header = verification.header();
        this.timestampItem = orElse(verification.timestampKey(), "t") + '=';
        this.signatureItem = orElse(verification.signatureKey(), "v1") + '=';
        this.itemSeparator = orElse(verification.itemSeparator(), ",");
        this.separator = verification.separator();
        this.toleranceSeconds = verification.toleranceSeconds();
        this.mac = mac;
        String form =
                timestampItem
                        + (isIso() ? "<ISO 8601>" : "<unix seconds>")
                        + itemSeparator
                        + signatureItem
                        + "<signature>";
        this.rejections = Rejections.of(header, form, toleranceSeconds);
    }

    private boolean isIso() {
        return timestampFormat == TimeSource.Format.ISO_8601;
    }

    /** Seconds since the epoch; empty if it is written otherwise. */
    private OptionalLong seconds(String time) {
        if (!isIso()) {
            return SECONDS.matcher(time).matches()
                    ? OptionalLong.of(Long.parseLong(time))
                    : OptionalLong.empty();
        }
        try {
            return OptionalLong.of(OffsetDateTime.parse(time).toEpochSecond());
        } catch (DateTimeParseException e) {
            return OptionalLong.empty();
        }
    }

    private static String orElse(String given, String standard) {
        return given == null ? standard : given;
    }

    @Override
    public Verdict verify(UnaryOperator<String> headers, byte[] body, Instant now) {
        String value = headers.apply(header);
        if (value == null || value.isEmpty()) {
            return rejections.missing();
        }
        String time = null;
        List<String> candidates = new ArrayList<>(2);
        for (String spaced : value.split(Pattern.quote(itemSeparator), -1)) {
            // Of Stripe's libraries only the one for Ruby takes a space after the separator.
            String item = spaced.strip();
            if (item.startsWith(signatureItem)) {
                candidates.add(item.substring(signatureItem.length()));
            } else if (item.startsWith(timestampItem) && time == null) {
                time = item.substring(timestampItem.length());
            }
        }
        OptionalLong signed = time == null ? OptionalLong.empty() : seconds(time);
        if (signed.isEmpty() || candidates.isEmpty()) {
            return rejections.malformed();
        }
        // The time is signed as it was written, not as it was parsed: "01" is not "1".
        PreparedMac.Expected expected = mac.sign((time + separator).getBytes(US_ASCII), body);
        if (candidates.stream().noneMatch(expected::is)) {
            return rejections.mismatch();
        }
        return isTimely(signed.getAsLong(), now)
                ? Verdict.Accepted.VERIFIED
                : rejections.outOfTime();
    }

    private boolean isTimely(long signed, Instant now) {
        return toleranceSeconds == null
                || Math.abs(now.getEpochSecond() - signed) <= toleranceSeconds;
    }
}

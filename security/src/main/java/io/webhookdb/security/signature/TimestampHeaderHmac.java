package io.webhookdb.security.signature;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.webhookdb.schemas.catalog.Verification;
import java.time.Instant;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;

/**
 * HMAC of {@code <time><separator><body>}, the time in a header of its own: Zendesk ("Verifying
 * webhook authenticity"; nothing between time and body). The time is signed as it is written.
 *
 * <p>A vendor that sets no limit has its time signed, not compared: Zendesk names none.
 */
final class TimestampHeaderHmac implements HeaderVerifier {
    /** Any time there is; what else is signed cannot start with what only looks like one. */
    private static final Pattern TIME = Pattern.compile("[0-9A-Za-z:.+-]{1,40}");

    private static final Pattern SECONDS = Pattern.compile("[0-9]{1,12}");

    private final String header;
    private final String timestampHeader;
    private final String prefix;
    private final String separator;
    private final Integer toleranceSeconds;
    private final PreparedMac mac;
    private final Rejections rejections;
    private final Rejections timeRejections;

    TimestampHeaderHmac(Verification verification, PreparedMac mac) {
        this.header = verification.header();
        this.timestampHeader = verification.timestampHeader();
        this.prefix = verification.prefix();
        this.separator = verification.separator();
        this.toleranceSeconds = verification.toleranceSeconds();
        this.mac = mac;
        this.rejections = Rejections.of(header, '"' + prefix + "\" and then the signature", null);
        this.timeRejections = Rejections.of(timestampHeader, "a time", toleranceSeconds);
    }

    @Override
    public Verdict verify(UnaryOperator<String> headers, byte[] body, Instant now) {
        String value = headers.apply(header);
        if (value == null || value.isEmpty()) {
            return rejections.missing();
        }
        String time = headers.apply(timestampHeader);
        if (time == null || time.isEmpty()) {
            return timeRejections.missing();
        }
        if (!value.startsWith(prefix)) {
            return rejections.malformed();
        }
        if (!(toleranceSeconds == null ? TIME : SECONDS).matcher(time).matches()) {
            return timeRejections.malformed();
        }
        if (!mac.sign((time + separator).getBytes(US_ASCII), body)
                .is(value.substring(prefix.length()))) {
            return rejections.mismatch();
        }
        return toleranceSeconds == null
                        || Math.abs(now.getEpochSecond() - Long.parseLong(time)) <= toleranceSeconds
                ? Verdict.Accepted.VERIFIED
                : timeRejections.outOfTime();
    }
}

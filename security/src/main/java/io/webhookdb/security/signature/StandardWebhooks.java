package io.webhookdb.security.signature;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.US_ASCII;

import io.webhookdb.schemas.catalog.Verification;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * {@code v1,<signature>[ v1,<signature>...]} over {@code <id>.<unix seconds>.<body>}, HMAC-SHA256
 * in base64: the Standard Webhooks specification ("Signature scheme"), which Svix sends for Clerk,
 * Resend and others with headers of its own name.
 *
 * <p>Any {@code v1} may match, as secrets are rolled with both. Signatures of other kinds ({@code
 * v1a}, asymmetric) are ignored.
 */
final class StandardWebhooks implements HeaderVerifier {
    private static final String SECRET_PREFIX = "whsec_";
    private static final String SIGNATURE_PREFIX = "v1,";
    private static final Pattern SECONDS = Pattern.compile("[0-9]{1,12}");

    private final String header;
    private final String idHeader;
    private final String timestampHeader;
    private final int toleranceSeconds;
    private final PreparedMac mac;
    private final Rejections rejections;
    private final Rejections idRejections;
    private final Rejections timeRejections;

    StandardWebhooks(Verification verification, byte[] key) {
        this.header = verification.header();
        this.idHeader = verification.nonceHeader();
        this.timestampHeader = verification.timestampHeader();
        this.toleranceSeconds = verification.toleranceSeconds();
        this.mac = PreparedMac.of(Verification.Algorithm.SHA256, Verification.Encoding.BASE64, key);
        this.rejections = Rejections.of(header, "v1,<signature>", null);
        this.idRejections = Rejections.of(idHeader, "an id without a full stop", null);
        this.timeRejections = Rejections.of(timestampHeader, "unix seconds", toleranceSeconds);
    }

    /** The key a secret stands for; empty if it is not base64 or stands for nothing. */
    static Optional<byte[]> key(String secret) {
        String encoded = secret.strip();
        if (encoded.startsWith(SECRET_PREFIX)) {
            encoded = encoded.substring(SECRET_PREFIX.length());
        }
        try {
            return Optional.of(Base64.getDecoder().decode(encoded)).filter(key -> key.length > 0);
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    @Override
    public Verdict verify(UnaryOperator<String> headers, byte[] body, Instant now) {
        String value = headers.apply(header);
        if (value == null || value.isEmpty()) {
            return rejections.missing();
        }
        String id = headers.apply(idHeader);
        if (id == null || id.isEmpty()) {
            return idRejections.missing();
        }
        String time = headers.apply(timestampHeader);
        if (time == null || time.isEmpty()) {
            return timeRejections.missing();
        }
        List<String> signatures =
                Stream.of(value.split(" ", -1))
                        .filter(item -> item.startsWith(SIGNATURE_PREFIX))
                        .map(item -> item.substring(SIGNATURE_PREFIX.length()))
                        .toList();
        if (signatures.isEmpty()) {
            return rejections.malformed();
        }
        // Without full stops in the first two parts there is one way to cut what is signed.
        if (id.indexOf('.') >= 0 || id.chars().anyMatch(c -> c > 0xFF)) {
            return idRejections.malformed();
        }
        if (!SECONDS.matcher(time).matches()) {
            return timeRejections.malformed();
        }
        PreparedMac.Expected expected =
                mac.sign(id.getBytes(ISO_8859_1), ('.' + time + '.').getBytes(US_ASCII), body);
        if (signatures.stream().noneMatch(expected::is)) {
            return rejections.mismatch();
        }
        return Math.abs(now.getEpochSecond() - Long.parseLong(time)) <= toleranceSeconds
                ? Verdict.Accepted.VERIFIED
                : timeRejections.outOfTime();
    }
}

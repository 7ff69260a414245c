package io.webhookdb.security.signature;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.security.MessageDigest;
import java.time.Instant;
import java.util.function.UnaryOperator;

/** The header is the secret itself. */
final class StaticHeader implements HeaderVerifier {
    private final String header;
    private final byte[] secret;
    private final Rejections rejections;

    StaticHeader(String header, String secret) {
        this.header = header;
        this.secret = secret.getBytes(UTF_8);
        this.rejections = Rejections.of(header, "the webhook secret", null);
    }

    @Override
    public Verdict verify(UnaryOperator<String> headers, byte[] body, Instant now) {
        String value = headers.apply(header);
        if (value == null || value.isEmpty()) {
            return rejections.missing();
        }
        // isEqual takes as long as its first argument is long, so that is the sender's own.
        return MessageDigest.isEqual(received(value), secret)
                ? Verdict.Accepted.VERIFIED
                : rejections.mismatch();
    }

    /** The bytes as they were on the wire; a char beyond a byte was on no wire and matches none. */
    private static byte[] received(String value) {
        return value.chars().allMatch(c -> c <= 0xFF) ? value.getBytes(ISO_8859_1) : new byte[0];
    }
}

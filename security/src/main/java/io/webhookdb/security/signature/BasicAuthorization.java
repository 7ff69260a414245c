package io.webhookdb.security.signature;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.security.MessageDigest;
import java.time.Instant;
import java.util.Base64;
import java.util.function.UnaryOperator;

/** {@code Authorization: Basic} with the user and password of the secret (RFC 7617). */
final class BasicAuthorization implements HeaderVerifier {
    private static final String HEADER = "Authorization";
    private static final String SCHEME = "basic ";
    private static final Rejections REJECTIONS =
            Rejections.of(HEADER, "Basic and then user:password in base64", null);

    private final byte[] secret;

    BasicAuthorization(String secret) {
        this.secret = secret.getBytes(UTF_8);
    }

    @Override
    public Verdict verify(UnaryOperator<String> headers, byte[] body, Instant now) {
        String value = headers.apply(HEADER);
        if (value == null || value.isEmpty()) {
            return REJECTIONS.missing();
        }
        if (!value.regionMatches(true, 0, SCHEME, 0, SCHEME.length())) {
            return REJECTIONS.malformed();
        }
        try {
            byte[] given = Base64.getDecoder().decode(value.substring(SCHEME.length()).strip());
            return MessageDigest.isEqual(given, secret)
                    ? Verdict.Accepted.VERIFIED
                    : REJECTIONS.mismatch();
        } catch (IllegalArgumentException e) {
            return REJECTIONS.malformed();
        }
    }
}

package io.webhookdb.security.signature;

import io.webhookdb.schemas.catalog.Verification;
import java.time.Instant;
import java.util.function.UnaryOperator;

/**
 * HMAC of the raw body behind a fixed prefix: GitHub ({@code sha256=} and hex; "Validating webhook
 * deliveries"), Shopify (base64; "Verify webhooks").
 */
final class BodyHmac implements SignatureVerifier {
    private final String header;
    private final String prefix;
    private final PreparedMac mac;
    private final Rejections rejections;

    BodyHmac(Verification verification, PreparedMac mac) {
        this.header = verification.header();
        this.prefix = verification.prefix();
        this.mac = mac;
        this.rejections = Rejections.of(header, '"' + prefix + "\" and then the signature", null);
    }

    @Override
    public Verdict verify(UnaryOperator<String> headers, byte[] body, Instant now) {
        String value = headers.apply(header);
        if (value == null || value.isEmpty()) {
            return rejections.missing();
        }
        if (!value.startsWith(prefix)) {
            return rejections.malformed();
        }
        return mac.sign(body).is(value.substring(prefix.length()))
                ? Verdict.Accepted.VERIFIED
                : rejections.mismatch();
    }
}

package io.webhookdb.security.signature;

import io.webhookdb.schemas.catalog.Verification;
import java.time.Instant;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * HMAC of the raw body behind a fixed prefix: GitHub ({@code sha256=} and hex; "Validating webhook
 * deliveries"), Shopify (base64; "Verify webhooks"). Where the vendor sends several while a secret
 * is rolled, any may match: PagerDuty ({@code v1=} and hex, comma; "Verifying Signatures").
 */
final class BodyHmac implements HeaderVerifier {
    private final String header;
    private final String prefix;
    private final Pattern items;
    private final PreparedMac mac;
    private final Rejections rejections;

    BodyHmac(Verification verification, PreparedMac mac) {
        this.header = verification.header();
        this.prefix = verification.prefix();
        this.items =
                verification.itemSeparator() == null
                        ? null
                        : Pattern.compile(verification.itemSeparator(), Pattern.LITERAL);
        this.mac = mac;
        this.rejections = Rejections.of(header, '"' + prefix + "\" and then the signature", null);
    }

    @Override
    public Verdict verify(UnaryOperator<String> headers, byte[] body, Instant now) {
        String value = headers.apply(header);
        if (value == null || value.isEmpty()) {
            return rejections.missing();
        }
        List<String> signatures =
                (items == null ? Stream.of(value) : items.splitAsStream(value))
                        .map(String::strip)
                        .filter(item -> item.startsWith(prefix))
                        .map(item -> item.substring(prefix.length()))
                        .toList();
        if (signatures.isEmpty()) {
            return rejections.malformed();
        }
        return signatures.stream().anyMatch(mac.sign(body)::is)
                ? Verdict.Accepted.VERIFIED
                : rejections.mismatch();
    }
}

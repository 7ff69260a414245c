package io.webhookdb.security.signature;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.US_ASCII;

import io.webhookdb.schemas.catalog.Verification;
import io.webhookdb.schemas.catalog.Verification.Algorithm;
import io.webhookdb.schemas.catalog.Verification.Encoding;
import java.security.GeneralSecurityException;
import java.security.PublicKey;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * {@code v1a,<signature>[ v1a,...]} over {@code <id>.<unix seconds>.<body>}, Ed25519: the Standard
 * Webhooks specification, "Asymmetric". The secret is the public key, {@code whpk_} and base64.
 */
final class StandardWebhooksKey implements HeaderVerifier {
    static final String KEY_PREFIX = "whpk_";
    private static final String SIGNATURE_PREFIX = "v1a,";
    private static final Pattern SECONDS = Pattern.compile("[0-9]{1,12}");

    private final Verification verification;
    private final PublicKey key;
    private final Rejections rejections;
    private final Rejections idRejections;
    private final Rejections timeRejections;

    StandardWebhooksKey(Verification verification, PublicKey key) {
        this.verification = verification;
        this.key = key;
        this.rejections = Rejections.of(verification.header(), "v1a,<signature>", null);
        this.idRejections =
                Rejections.of(verification.nonceHeader(), "an id without a full stop", null);
        this.timeRejections =
                Rejections.of(
                        verification.timestampHeader(),
                        "unix seconds",
                        verification.toleranceSeconds());
    }

    /** The key a secret stands for; empty if it stands for none. */
    static Optional<PublicKey> key(String secret) {
        try {
            byte[] bytes =
                    Base64.getDecoder().decode(secret.strip().substring(KEY_PREFIX.length()));
            return Optional.of(PublicKeys.ed25519(bytes));
        } catch (IllegalArgumentException | GeneralSecurityException e) {
            return Optional.empty();
        }
    }

    @Override
    public Verdict verify(UnaryOperator<String> headers, byte[] body, Instant now) {
        String value = headers.apply(verification.header());
        String id = headers.apply(verification.nonceHeader());
        String time = headers.apply(verification.timestampHeader());
        if (value == null || value.isEmpty()) {
            return rejections.missing();
        }
        if (id == null || id.isEmpty()) {
            return idRejections.missing();
        }
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
        if (id.indexOf('.') >= 0 || id.chars().anyMatch(c -> c > 0xFF)) {
            return idRejections.malformed();
        }
        if (!SECONDS.matcher(time).matches()) {
            return timeRejections.malformed();
        }
        byte[] start = (id + '.').getBytes(ISO_8859_1);
        byte[] middle = (time + '.').getBytes(US_ASCII);
        if (signatures.stream()
                .noneMatch(
                        signature ->
                                PublicKeys.matches(
                                        Algorithm.ED25519,
                                        key,
                                        Encoding.BASE64,
                                        signature,
                                        start,
                                        middle,
                                        body))) {
            return rejections.mismatch();
        }
        return Math.abs(now.getEpochSecond() - Long.parseLong(time))
                        <= verification.toleranceSeconds()
                ? Verdict.Accepted.VERIFIED
                : timeRejections.outOfTime();
    }
}

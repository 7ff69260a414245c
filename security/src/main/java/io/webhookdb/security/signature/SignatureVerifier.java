package io.webhookdb.security.signature;

import io.webhookdb.schemas.catalog.TimeSource;
import io.webhookdb.schemas.catalog.Verification;
import java.time.Instant;
import java.util.function.UnaryOperator;

/**
 * Checks the requests of one integration. Prepared once per secret, so that a request costs one
 * HMAC and no key setup. Immutable and thread-safe.
 */
public interface SignatureVerifier {

    /**
     * Whether the request proves its origin. Never throws for what a sender can send.
     *
     * @param header the first value of the request header of that name (compared without case), or
     *     null; each char is one byte as received, the form in which HTTP servers hand out headers
     * @param body the bytes as received
     * @param now the time to which a signed time is compared: the arrival of the request, also when
     *     it is checked again later
     */
    Verdict verify(UnaryOperator<String> header, byte[] body, Instant now);

    /**
     * The verifier of a vendor's scheme.
     *
     * @param verification how the vendor signs
     * @param secret the integration's secret, used as text; null or blank while none is set: then
     *     every request is refused, unless the vendor signs nothing
     * @throws IllegalArgumentException if the verification lacks what its scheme needs
     */
    static SignatureVerifier prepare(Verification verification, String secret) {
        if (!isSupported(verification)) {
            throw new IllegalArgumentException(
                    "This release cannot check verification "
                            + verification.scheme()
                            + " with times as "
                            + verification.timestampFormat()
                            + ".");
        }
        if (verification.scheme() == Verification.Scheme.NONE) {
            return (header, body, now) -> Verdict.Accepted.UNSIGNED;
        }
        String name = verification.header();
        if (name == null || name.isBlank()) {
            throw new IllegalArgumentException(
                    "Verification " + verification.scheme() + " names no header.");
        }
        if (secret == null || secret.isBlank()) {
            if (verification.withoutSecret() == Verification.WithoutSecret.ACCEPT) {
                return (header, body, now) -> Verdict.Accepted.UNSIGNED;
            }
            Verdict noSecret =
                    new Verdict.Rejected(
                            RejectionReason.NO_SECRET,
                            "No webhook secret is set for this integration.");
            return (header, body, now) -> noSecret;
        }
        return switch (verification.scheme()) {
            case STATIC_HEADER -> new StaticHeader(name, secret);
            case HMAC_BODY -> new BodyHmac(verification, PreparedMac.of(verification, secret));
            case HMAC_TIMESTAMPED ->
                    new TimestampedHmac(verification, PreparedMac.of(verification, secret));
            case HMAC_TIMESTAMP_HEADER ->
                    new TimestampHeaderHmac(verification, PreparedMac.of(verification, secret));
            case STANDARD_WEBHOOKS ->
                    StandardWebhooks.key(secret)
                            .<SignatureVerifier>map(key -> new StandardWebhooks(verification, key))
                            .orElse((header, body, now) -> Rejections.UNREADABLE_SECRET);
            case NONE, HMAC_URL_NONCE, SOURCE_ADDRESS ->
                    throw new IllegalStateException("handled above");
        };
    }

    /**
     * Whether {@link #prepare} knows this shape. The catalogue can describe more than this release
     * checks; what cannot be checked is not offered, and never accepted unchecked.
     */
    static boolean isSupported(Verification verification) {
        return switch (verification.scheme()) {
            case NONE, STATIC_HEADER, HMAC_BODY -> true;
            case HMAC_TIMESTAMPED ->
                    verification.timestampFormat() == TimeSource.Format.UNIX_SECONDS;
            // A handshake is for the ingest to answer, and it does not yet.
            case HMAC_TIMESTAMP_HEADER ->
                    verification.timestampHeader() != null
                            && verification.challenge() == null
                            && (verification.toleranceSeconds() == null
                                    || verification.timestampFormat()
                                            == TimeSource.Format.UNIX_SECONDS);
            case STANDARD_WEBHOOKS ->
                    verification.timestampHeader() != null
                            && verification.nonceHeader() != null
                            && verification.toleranceSeconds() != null;
            case HMAC_URL_NONCE, SOURCE_ADDRESS -> false;
        };
    }
}

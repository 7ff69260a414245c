package io.webhookdb.security.signature;

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
        if (verification.scheme() == Verification.Scheme.NONE) {
            return (header, body, now) -> Verdict.Accepted.UNSIGNED;
        }
        String name = verification.header();
        if (name == null || name.isBlank()) {
            throw new IllegalArgumentException(
                    "Verification " + verification.scheme() + " names no header.");
        }
        if (secret == null || secret.isBlank()) {
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
            case NONE -> throw new IllegalStateException("handled above");
            case HMAC_TIMESTAMP_HEADER, HMAC_URL_NONCE, SOURCE_ADDRESS ->
                    throw new IllegalArgumentException(
                            "Verification " + verification.scheme() + " cannot be checked yet.");
        };
    }
}

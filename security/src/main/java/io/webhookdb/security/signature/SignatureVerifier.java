package io.webhookdb.security.signature;

import io.webhookdb.schemas.catalog.SignedPart;
import io.webhookdb.schemas.catalog.TimeSource;
import io.webhookdb.schemas.catalog.Verification;
import io.webhookdb.schemas.catalog.Verification.Scheme;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.function.UnaryOperator;

/**
 * Checks the requests of one integration. Prepared once per secret, so that a request costs one
 * HMAC and no key setup. Immutable and thread-safe.
 */
public interface SignatureVerifier {

    /** Whether the request proves its origin. Never throws for what a sender can send. */
    Verdict verify(SignedRequest request);

    /**
     * The same of a request whose URL and sender do not matter.
     *
     * @param header the first value of the request header of that name (compared without case), or
     *     null; each char is one byte as received, the form in which HTTP servers hand out headers
     * @param body the bytes as received
     * @param now the time to which a signed time is compared: the arrival of the request, also when
     *     it is checked again later
     */
    default Verdict verify(UnaryOperator<String> header, byte[] body, Instant now) {
        return verify(SignedRequest.of(header, body, now));
    }

    /**
     * The verifier of a vendor's scheme.
     *
     * @param verification how the vendor signs
     * @param secret the integration's secret, used as text; null or blank while none is set: then
     *     every request is refused, unless the vendor signs nothing or the person wanted none
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
        if (verification.scheme() == Scheme.NONE) {
            return request -> Verdict.Accepted.UNSIGNED;
        }
        if (verification.scheme() == Scheme.SOURCE_ADDRESS) {
            return new SourceAddress(verification.addresses());
        }
        if (secret == null || secret.isBlank()) {
            if (verification.withoutSecret() == Verification.WithoutSecret.ACCEPT) {
                return request -> Verdict.Accepted.UNSIGNED;
            }
            Verdict noSecret =
                    new Verdict.Rejected(
                            RejectionReason.NO_SECRET,
                            "No webhook secret is set for this integration.");
            return request -> noSecret;
        }
        return withSecret(verification, secret);
    }

    private static SignatureVerifier withSecret(Verification verification, String secret) {
        return switch (verification.scheme()) {
            case STATIC_HEADER -> new StaticHeader(verification.header(), secret);
            case HMAC_BODY -> new BodyHmac(verification, PreparedMac.of(verification, secret));
            case HMAC_TIMESTAMPED ->
                    new TimestampedHmac(verification, PreparedMac.of(verification, secret));
            case HMAC_TIMESTAMP_HEADER ->
                    new TimestampHeaderHmac(verification, PreparedMac.of(verification, secret));
            case HMAC_URL_NONCE ->
                    new PartsHmac(
                            verification,
                            List.of(
                                    new SignedPart(
                                            null, null, null, SignedPart.Value.URL_WITHOUT_QUERY),
                                    new SignedPart(null, verification.nonceHeader(), null, null)),
                            secret);
            case HMAC_PARTS -> partsHmac(verification, secret);
            case BASIC -> new BasicAuthorization(secret);
            case PUBLIC_KEY ->
                    PublicKeys.of(verification, secret)
                            .<SignatureVerifier>map(
                                    key -> new PublicKeySignature(verification, key))
                            .orElse(request -> Rejections.UNREADABLE_SECRET);
            case CERTIFICATE_URL -> new CertificateSignature(verification, secret);
            case JWT -> JwtSignature.of(verification, secret);
            case STANDARD_WEBHOOKS ->
                    secret.strip().startsWith(StandardWebhooksKey.KEY_PREFIX)
                            ? StandardWebhooksKey.key(secret)
                                    .<SignatureVerifier>map(
                                            key -> new StandardWebhooksKey(verification, key))
                                    .orElse(request -> Rejections.UNREADABLE_SECRET)
                            : StandardWebhooks.key(secret)
                                    .<SignatureVerifier>map(
                                            key -> new StandardWebhooks(verification, key))
                                    .orElse(request -> Rejections.UNREADABLE_SECRET);
            case NONE, SOURCE_ADDRESS -> throw new IllegalStateException("handled above");
        };
    }

    private static SignatureVerifier partsHmac(Verification verification, String secret) {
        try {
            return new PartsHmac(verification, verification.signed(), secret);
        } catch (IllegalArgumentException e) {
            // The key is in base64 or hexadecimal, and the stored text is neither.
            return request -> Rejections.UNREADABLE_SECRET;
        }
    }

    /**
     * Whether {@link #prepare} knows this shape. The catalogue can describe more than this release
     * checks; what cannot be checked is not offered, and never accepted unchecked.
     */
    static boolean isSupported(Verification verification) {
        boolean named = verification.header() != null && !verification.header().isBlank();
        return switch (verification.scheme()) {
            case NONE, BASIC -> true;
            case STATIC_HEADER, HMAC_BODY -> named;
            case HMAC_TIMESTAMPED ->
                    named
                            && (verification.timestampFormat() == TimeSource.Format.UNIX_SECONDS
                                    || verification.timestampFormat()
                                            == TimeSource.Format.ISO_8601);
            case HMAC_TIMESTAMP_HEADER ->
                    named
                            && verification.timestampHeader() != null
                            && (verification.toleranceSeconds() == null
                                    || verification.timestampFormat()
                                            == TimeSource.Format.UNIX_SECONDS);
            case STANDARD_WEBHOOKS ->
                    named
                            && verification.timestampHeader() != null
                            && verification.nonceHeader() != null
                            && verification.toleranceSeconds() != null;
            case HMAC_URL_NONCE -> named && verification.nonceHeader() != null;
            case SOURCE_ADDRESS -> !verification.addresses().isEmpty();
            case HMAC_PARTS, PUBLIC_KEY -> hasParts(verification);
            case JWT ->
                    named
                            && verification.jwt() != null
                            && verification.toleranceSeconds() != null
                            && !verification.keyHosts().isEmpty();
            case CERTIFICATE_URL ->
                    hasParts(verification)
                            && !verification.keyHosts().isEmpty()
                            && (verification.keyUrlHeader() != null
                                    || verification.keyUrlPointer() != null);
        };
    }

    private static boolean hasParts(Verification verification) {
        boolean timed =
                verification.toleranceSeconds() == null
                        || Set.of(
                                        TimeSource.Format.UNIX_SECONDS,
                                        TimeSource.Format.UNIX_MILLISECONDS)
                                .contains(verification.timestampFormat());
        return timed
                && !verification.signed().isEmpty()
                && verification.algorithm() != null
                && verification.encoding() != null
                && (verification.header() != null || verification.signaturePointer() != null);
    }
}

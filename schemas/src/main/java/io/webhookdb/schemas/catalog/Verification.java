package io.webhookdb.schemas.catalog;

import com.fasterxml.jackson.annotation.JsonInclude;

/**
 * How a vendor proves that a request is its own.
 *
 * @param scheme the shape of the proof
 * @param header header that carries it, as the vendor documents it; null for {@link Scheme#NONE}
 * @param algorithm digest of the HMAC; null where there is none
 * @param encoding how the signature is written; null where there is none
 * @param prefix fixed text before the signature, {@code sha256=}; may be empty
 * @param toleranceSeconds how far the signed time may be from now; null where no time is signed
 * @param withoutSecretStatus HTTP status while the integration has no secret; null is 401
 * @param source where this was read: vendor document or SDK
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record Verification(
        Scheme scheme,
        String header,
        Algorithm algorithm,
        Encoding encoding,
        String prefix,
        Integer toleranceSeconds,
        Integer withoutSecretStatus,
        String source) {

    public Verification {
        prefix = prefix == null ? "" : prefix;
    }

    /** Status to answer while no secret is stored. */
    public int statusWithoutSecret() {
        return withoutSecretStatus == null ? 401 : withoutSecretStatus;
    }

    /** Shapes of proofs. */
    public enum Scheme {
        /** Nothing can be checked; knowing the URL is the only proof. */
        NONE,
        /** HMAC of the raw body. */
        HMAC_BODY,
        /** {@code t=<unix seconds>,v1=<signature>[,v1=...]} over {@code <t>.<raw body>}. */
        HMAC_TIMESTAMPED,
        /** The header equals the secret. */
        STATIC_HEADER
    }

    /** Digest of the HMAC. */
    public enum Algorithm {
        SHA1,
        SHA256
    }

    /** How the signature is written. */
    public enum Encoding {
        HEX,
        BASE64
    }
}

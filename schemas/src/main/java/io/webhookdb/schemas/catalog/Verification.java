package io.webhookdb.schemas.catalog;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.List;

/**
 * How a vendor proves that a request is its own.
 *
 * @param scheme the shape of the proof
 * @param header header that carries it, as the vendor documents it; null for {@link Scheme#NONE}
 *     and {@link Scheme#SOURCE_ADDRESS}
 * @param algorithm digest of the HMAC; null where there is none
 * @param encoding how the signature is written; null where there is none
 * @param prefix fixed text before the signature, {@code sha256=}; may be empty
 * @param toleranceSeconds how far the signed time may be from now; null where no time is signed or
 *     the vendor sets no limit
 * @param withoutSecretStatus HTTP status while the integration has no secret; null is 401
 * @param source where this was read: vendor document or SDK
 * @param timestampHeader header with the signed time, for {@link Scheme#HMAC_TIMESTAMP_HEADER} and
 *     {@link Scheme#STANDARD_WEBHOOKS}
 * @param timestampFormat how the signed time is written; it is signed as it is written. Null is
 *     seconds since the epoch
 * @param separator what stands between the signed time and the body; null is a full stop
 * @param nonceHeader header with the signed nonce, for {@link Scheme#HMAC_URL_NONCE}; with the
 *     signed id of the message, for {@link Scheme#STANDARD_WEBHOOKS}
 * @param addresses addresses the vendor sends from, for {@link Scheme#SOURCE_ADDRESS}: IPv4, IPv6
 *     or CIDR blocks
 * @param challenge handshake at set-up; null if there is none
 * @param timestampKey name of the time within the header, for {@link Scheme#HMAC_TIMESTAMPED}; null
 *     is {@code t}
 * @param signatureKey name of a signature within the header, for {@link Scheme#HMAC_TIMESTAMPED};
 *     null is {@code v1}
 * @param itemSeparator what stands between the items of the header; null is a comma for {@link
 *     Scheme#HMAC_TIMESTAMPED}, and for {@link Scheme#HMAC_BODY} that there is one signature only
 * @param withoutSecret what becomes of requests while the integration has no secret; null is {@link
 *     WithoutSecret#REFUSE}
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
        String source,
        String timestampHeader,
        TimeSource.Format timestampFormat,
        String separator,
        String nonceHeader,
        List<String> addresses,
        Challenge challenge,
        String timestampKey,
        String signatureKey,
        String itemSeparator,
        WithoutSecret withoutSecret) {

    public Verification {
        prefix = prefix == null ? "" : prefix;
        timestampFormat =
                timestampFormat == null ? TimeSource.Format.UNIX_SECONDS : timestampFormat;
        separator = separator == null ? "." : separator;
        addresses = addresses == null ? List.of() : List.copyOf(addresses);
        withoutSecret = withoutSecret == null ? WithoutSecret.REFUSE : withoutSecret;
    }

    /** What most schemes need. */
    public Verification(
            Scheme scheme,
            String header,
            Algorithm algorithm,
            Encoding encoding,
            String prefix,
            Integer toleranceSeconds,
            Integer withoutSecretStatus,
            String source) {
        this(
                scheme,
                header,
                algorithm,
                encoding,
                prefix,
                toleranceSeconds,
                withoutSecretStatus,
                source,
                null,
                null,
                null,
                null,
                null,
                null,
                null,
                null,
                null,
                null);
    }

    /** Status to answer while no secret is stored. */
    public int statusWithoutSecret() {
        return withoutSecretStatus == null ? 401 : withoutSecretStatus;
    }

    /** What becomes of requests while the integration has no secret. */
    public enum WithoutSecret {
        REFUSE,
        /** They are taken as they are: whoever set it up chose to have no secret. */
        ACCEPT
    }

    /** Shapes of proofs. */
    public enum Scheme {
        /** Nothing can be checked; knowing the URL is the only proof. */
        NONE,
        /** HMAC of the raw body. */
        HMAC_BODY,
        /**
         * {@code t=<time>,v1=<signature>[,v1=...]} over {@code <t><separator><raw body>}; the names
         * of the items and what stands between them differ by vendor.
         */
        HMAC_TIMESTAMPED,
        /** The header equals the secret. */
        STATIC_HEADER,
        /** HMAC of {@code <time><separator><raw body>}; the time is in a header of its own. */
        HMAC_TIMESTAMP_HEADER,
        /** HMAC of the public URL without its query, then the nonce of another header. */
        HMAC_URL_NONCE,
        /** The request comes from one of the vendor's addresses. Needs no secret. */
        SOURCE_ADDRESS,
        /**
         * The specification of that name: {@code v1,<signature>[ v1,...]} over {@code
         * <id>.<time>.<raw body>}, HMAC-SHA256 in base64 under a key written in base64.
         */
        STANDARD_WEBHOOKS
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

    /**
     * A verified request that carries the header is answered 200 with a JSON object that returns
     * the header's value, and brings no event.
     *
     * @param header request header with the challenge
     * @param member name in the JSON object
     */
    public record Challenge(String header, String member) {}
}

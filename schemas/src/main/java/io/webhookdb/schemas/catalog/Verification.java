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
 * @param timestampKey name of the time within the header, for {@link Scheme#HMAC_TIMESTAMPED}; null
 *     is {@code t}
 * @param signatureKey name of a signature within the header, for {@link Scheme#HMAC_TIMESTAMPED};
 *     null is {@code v1}
 * @param itemSeparator what stands between the items of the header; null is a comma for {@link
 *     Scheme#HMAC_TIMESTAMPED}, and for {@link Scheme#HMAC_BODY} that there is one signature only
 * @param withoutSecret what becomes of requests while the integration has no secret; null is {@link
 *     WithoutSecret#REFUSE}
 * @param signed what is signed, piece by piece, for {@link Scheme#HMAC_PARTS}, {@link
 *     Scheme#PUBLIC_KEY} and {@link Scheme#CERTIFICATE_URL}
 * @param signaturePointer JSON Pointer into the body to the signature, where no header has it
 * @param timestampPointer JSON Pointer into the body to the signed time, where no header has it
 * @param keyForm how the secret becomes the key; null is {@link KeyForm#TEXT}
 * @param keyUrlHeader header with the URL of the certificate, for {@link Scheme#CERTIFICATE_URL}
 * @param keyUrlPointer JSON Pointer into the body to that URL, where no header has it
 * @param keyHosts hosts that URL may have; one that starts with a full stop stands for all below it
 * @param handshakes requests that want an answer and bring no event
 * @param jwt what a token says and where its key is asked for, for {@link Scheme#JWT}; else null
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
        String timestampKey,
        String signatureKey,
        String itemSeparator,
        WithoutSecret withoutSecret,
        List<SignedPart> signed,
        String signaturePointer,
        String timestampPointer,
        KeyForm keyForm,
        String keyUrlHeader,
        String keyUrlPointer,
        List<String> keyHosts,
        List<Handshake> handshakes,
        Jwt jwt) {

    /**
     * A signed token (RFC 7519) beside the body. Its key is asked for by the id the token names:
     * {@code POST https://<host><path>} with {@code client_id}, {@code secret} and {@code key_id},
     * answered by {@code {"key": <JSON Web Key>}}. The stored secret is {@code client_id:secret},
     * or {@code client_id:secret:word} to ask the one of {@link Verification#keyHosts()} that
     * begins with that word instead of the first.
     *
     * @param keyPath path of that request
     * @param bodyClaim claim with the SHA-256 of the body in hexadecimal
     * @param ownHeader header by which the account's own system, which has no token, proves itself
     *     with the stored secret; null if it sends nothing
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record Jwt(String keyPath, String bodyClaim, String ownHeader) {}

    public Verification {
        prefix = prefix == null ? "" : prefix;
        timestampFormat =
                timestampFormat == null ? TimeSource.Format.UNIX_SECONDS : timestampFormat;
        separator = separator == null ? "." : separator;
        addresses = addresses == null ? List.of() : List.copyOf(addresses);
        withoutSecret = withoutSecret == null ? WithoutSecret.REFUSE : withoutSecret;
        signed = signed == null ? List.of() : List.copyOf(signed);
        keyForm = keyForm == null ? KeyForm.TEXT : keyForm;
        keyHosts = keyHosts == null ? List.of() : List.copyOf(keyHosts);
        handshakes = handshakes == null ? List.of() : List.copyOf(handshakes);
    }

    /** Without a token. */
    public Verification(
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
            String timestampKey,
            String signatureKey,
            String itemSeparator,
            WithoutSecret withoutSecret,
            List<SignedPart> signed,
            String signaturePointer,
            String timestampPointer,
            KeyForm keyForm,
            String keyUrlHeader,
            String keyUrlPointer,
            List<String> keyHosts,
            List<Handshake> handshakes) {
        this(
                scheme,
                header,
                algorithm,
                encoding,
                prefix,
                toleranceSeconds,
                withoutSecretStatus,
                source,
                timestampHeader,
                timestampFormat,
                separator,
                nonceHeader,
                addresses,
                timestampKey,
                signatureKey,
                itemSeparator,
                withoutSecret,
                signed,
                signaturePointer,
                timestampPointer,
                keyForm,
                keyUrlHeader,
                keyUrlPointer,
                keyHosts,
                handshakes,
                null);
    }

    /** Without what few vendors need. */
    public Verification(
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
            String timestampKey,
            String signatureKey,
            String itemSeparator) {
        this(
                scheme,
                header,
                algorithm,
                encoding,
                prefix,
                toleranceSeconds,
                withoutSecretStatus,
                source,
                timestampHeader,
                timestampFormat,
                separator,
                nonceHeader,
                addresses,
                timestampKey,
                signatureKey,
                itemSeparator,
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
        STANDARD_WEBHOOKS,
        /** HMAC of the parts {@link Verification#signed()} names. */
        HMAC_PARTS,
        /** {@code Authorization: Basic}; the secret is {@code user:password}. */
        BASIC,
        /** Signature of these parts; the secret is the vendor's public key, no secret at all. */
        PUBLIC_KEY,
        /** The same; the key is in the certificate at a URL the request names. */
        CERTIFICATE_URL,
        /** A token signed with ES256 that has the digest of the body; see {@link Jwt}. */
        JWT
    }

    /** Digest of the HMAC. */
    public enum Algorithm {
        SHA1,
        SHA256,
        SHA512,
        /** ECDSA with SHA-256, the signature in DER; with a public key. */
        ECDSA_SHA256,
        /** With a public key of 32 bytes. */
        ED25519,
        /** RSA (PKCS #1 v1.5) with SHA-1; with a public key. */
        RSA_SHA1,
        /** RSA (PKCS #1 v1.5) with SHA-256; with a public key. */
        RSA_SHA256;

        /** Whether it is the digest of an HMAC. */
        public boolean isDigest() {
            return this == SHA1 || this == SHA256 || this == SHA512;
        }
    }

    /** How the stored secret becomes the key. */
    public enum KeyForm {
        /** Its characters are the key. */
        TEXT,
        /** It is base64 of the key. */
        BASE64,
        /** It is hexadecimal of the key. */
        HEX
    }

    /** How the signature is written. */
    public enum Encoding {
        HEX,
        BASE64
    }
}

package io.webhookdb.security.signature;

import java.util.Arrays;

/** Why a request was refused. The code is stored with the rejected request. */
public enum RejectionReason {
    /** The integration has no secret yet, so nothing can be proved. */
    NO_SECRET("no_secret"),
    /** The header that carries the proof is absent or empty. */
    MISSING_HEADER("missing_header"),
    /** The header is not built the way the vendor builds it. */
    MALFORMED_HEADER("malformed_header"),
    /** The signature, or the static secret, is not the expected one. */
    SIGNATURE_MISMATCH("signature_mismatch"),
    /** Correctly signed, but at another time. */
    TIMESTAMP_OUTSIDE_TOLERANCE("timestamp_outside_tolerance"),
    /** It comes from an address that is none of the vendor's. */
    FOREIGN_ADDRESS("foreign_address"),
    /** The vendor's certificate cannot be had, or is none. */
    KEY_UNAVAILABLE("key_unavailable");

    private final String code;

    RejectionReason(String code) {
        this.code = code;
    }

    /** Lower-case word; part of the form of rejected events. */
    public String code() {
        return code;
    }

    /**
     * Parses {@link #code()}.
     *
     * @throws IllegalArgumentException naming the value and the allowed codes
     */
    public static RejectionReason of(String code) {
        for (RejectionReason reason : values()) {
            if (reason.code.equals(code)) {
                return reason;
            }
        }
        throw new IllegalArgumentException(
                "Unknown rejection reason \""
                        + code
                        + "\". Allowed: "
                        + Arrays.stream(values()).map(RejectionReason::code).toList());
    }
}

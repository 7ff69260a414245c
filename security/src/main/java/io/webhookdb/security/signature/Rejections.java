package io.webhookdb.security.signature;

import static io.webhookdb.security.signature.RejectionReason.MALFORMED_HEADER;
import static io.webhookdb.security.signature.RejectionReason.MISSING_HEADER;
import static io.webhookdb.security.signature.RejectionReason.SIGNATURE_MISMATCH;
import static io.webhookdb.security.signature.RejectionReason.TIMESTAMP_OUTSIDE_TOLERANCE;

import io.webhookdb.security.signature.Verdict.Rejected;

/** The sentences of one verifier, written once, because forged requests must be cheap. */
record Rejections(Rejected missing, Rejected malformed, Rejected mismatch, Rejected outOfTime) {
    /** The stored secret is not one the vendor gave out. */
    static final Rejected UNREADABLE_SECRET =
            new Rejected(
                    RejectionReason.NO_SECRET,
                    "The webhook secret of this integration is not base64, so it is none.");

    /** The stored secret does not say with what to ask for keys. */
    static final Rejected NO_CLIENT =
            new Rejected(
                    RejectionReason.NO_SECRET,
                    "The webhook secret of this integration is not of the form client_id:secret.");

    static Rejections of(String header, String expectedForm, Integer toleranceSeconds) {
        return new Rejections(
                new Rejected(MISSING_HEADER, "The " + header + " header is missing."),
                new Rejected(
                        MALFORMED_HEADER,
                        "The " + header + " header is malformed, expected " + expectedForm + "."),
                new Rejected(
                        SIGNATURE_MISMATCH,
                        "The " + header + " header does not match the webhook secret."),
                new Rejected(
                        TIMESTAMP_OUTSIDE_TOLERANCE,
                        "The time in the "
                                + header
                                + " header is more than "
                                + toleranceSeconds
                                + " seconds away."));
    }
}

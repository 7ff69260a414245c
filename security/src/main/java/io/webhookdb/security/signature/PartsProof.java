package io.webhookdb.security.signature;

import io.webhookdb.schemas.catalog.TimeSource.Format;
import io.webhookdb.schemas.catalog.Verification;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Where the signature and the signed time of a request are, for the schemes whose signed text is
 * put together from parts. The time is compared last: what is not signed says nothing.
 */
final class PartsProof {
    private static final Pattern DIGITS = Pattern.compile("[0-9]{1,15}");

    private final Verification verification;
    private final Rejections rejections;
    private final Rejections timeRejections;
    private final String itemSeparator;

    PartsProof(Verification verification) {
        this.verification = verification;
        this.itemSeparator = verification.itemSeparator();
        this.rejections =
                Rejections.of(
                        place(verification.header(), verification.signaturePointer()),
                        '"' + verification.prefix() + "\" and then the signature",
                        null);
        this.timeRejections =
                Rejections.of(
                        place(verification.timestampHeader(), verification.timestampPointer()),
                        "a time",
                        verification.toleranceSeconds());
    }

    private static String place(String header, String pointer) {
        return header == null ? "body's " + pointer : header;
    }

    /** What a signature is checked with. */
    interface Check {
        /** Whether one of the signatures is right; or why that cannot be said. */
        Optional<Verdict> refusal(SignedRequest request, List<String> signatures);
    }

    /** The verdict over a request. */
    Verdict judge(SignedRequest request, Check check) {
        String value = value(request, verification.header(), verification.signaturePointer());
        if (value == null || value.isEmpty()) {
            return rejections.missing();
        }
        List<String> signatures =
                (itemSeparator == null
                                ? Stream.of(value)
                                : Stream.of(value.split(Pattern.quote(itemSeparator), -1)))
                        .map(String::strip)
                        .filter(item -> item.startsWith(verification.prefix()))
                        .map(item -> item.substring(verification.prefix().length()))
                        .toList();
        if (signatures.isEmpty()) {
            return rejections.malformed();
        }
        Optional<Verdict> untimely = malformedTime(request);
        if (untimely.isPresent()) {
            return untimely.get();
        }
        Optional<Verdict> refusal = check.refusal(request, signatures);
        if (refusal.isPresent()) {
            return refusal.get();
        }
        return isTimely(request) ? Verdict.Accepted.VERIFIED : timeRejections.outOfTime();
    }

    Verdict mismatch() {
        return rejections.mismatch();
    }

    private Optional<Verdict> malformedTime(SignedRequest request) {
        if (verification.toleranceSeconds() == null) {
            return Optional.empty();
        }
        String time =
                value(request, verification.timestampHeader(), verification.timestampPointer());
        if (time == null || time.isEmpty()) {
            return Optional.of(timeRejections.missing());
        }
        return DIGITS.matcher(time).matches()
                ? Optional.empty()
                : Optional.of(timeRejections.malformed());
    }

    private boolean isTimely(SignedRequest request) {
        if (verification.toleranceSeconds() == null) {
            return true;
        }
        long time =
                Long.parseLong(
                        value(
                                request,
                                verification.timestampHeader(),
                                verification.timestampPointer()));
        Instant signed =
                verification.timestampFormat() == Format.UNIX_MILLISECONDS
                        ? Instant.ofEpochMilli(time)
                        : Instant.ofEpochSecond(Math.min(time, 1L << 40));
        return Math.abs(request.arrived().getEpochSecond() - signed.getEpochSecond())
                <= verification.toleranceSeconds();
    }

    private static String value(SignedRequest request, String header, String pointer) {
        if (header != null) {
            return request.header(header);
        }
        return pointer == null ? null : request.text(pointer);
    }
}

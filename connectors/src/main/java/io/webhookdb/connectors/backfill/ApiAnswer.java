package io.webhookdb.connectors.backfill;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.Map;

/**
 * An answer of a vendor's API.
 *
 * @param status HTTP status
 * @param headers names in lower case; repeated ones joined by a comma
 * @param body as received
 * @param startedAt when the request began, by the clock here
 * @param endedAt when the answer was complete, by the clock here
 */
record ApiAnswer(
        int status, Map<String, String> headers, byte[] body, Instant startedAt, Instant endedAt) {

    /** The header of that lower-case name; null if there is none. */
    String header(String name) {
        return headers.get(name);
    }

    /**
     * When the request began by the vendor's clock, as far as its {@code Date} header (whole
     * seconds) shows that the clocks differ. Never later than it can have been.
     */
    Instant startedAtVendor() {
        String date = header("date");
        if (date == null) {
            return startedAt;
        }
        Instant vendor;
        try {
            vendor = Instant.from(DateTimeFormatter.RFC_1123_DATE_TIME.parse(date));
        } catch (DateTimeException e) {
            return startedAt;
        }
        Instant latest = vendor.plusSeconds(1);
        if (latest.isBefore(startedAt)) {
            return vendor.minus(ChronoUnit.MILLIS.between(startedAt, endedAt), ChronoUnit.MILLIS);
        }
        if (vendor.isAfter(endedAt)) {
            return startedAt.plus(ChronoUnit.MILLIS.between(endedAt, vendor), ChronoUnit.MILLIS);
        }
        return startedAt;
    }

    /** Never prints the body. */
    @Override
    public String toString() {
        return "ApiAnswer[" + status + ", " + body.length + " bytes]";
    }
}

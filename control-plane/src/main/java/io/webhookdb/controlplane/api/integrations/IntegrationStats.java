package io.webhookdb.controlplane.api.integrations;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * What came in over seven days, in the contract's form. The counts are null, and left out, if
 * nothing came in.
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
record IntegrationStats(
        String message,
        @JsonProperty("count_last_7_days") Long count,
        @JsonProperty("count_last_7_days_formatted") String countFormatted,
        @JsonProperty("success_last_7_days") Long success,
        @JsonProperty("success_last_7_days_formatted") String successFormatted,
        @JsonProperty("success_last_7_days_percent") Double successPercent,
        @JsonProperty("success_last_7_days_percent_formatted") String successPercentFormatted,
        @JsonProperty("rejected_last_7_days") Long rejected,
        @JsonProperty("rejected_last_7_days_formatted") String rejectedFormatted,
        @JsonProperty("rejected_last_7_days_percent") Double rejectedPercent,
        @JsonProperty("rejected_last_7_days_percent_formatted") String rejectedPercentFormatted,
        @JsonProperty("successful_of_last_10") Long successfulOfLast10,
        @JsonProperty("successful_of_last_10_formatted") String successfulOfLast10Formatted,
        @JsonProperty("rejected_of_last_10") Long rejectedOfLast10,
        @JsonProperty("rejected_of_last_10_formatted") String rejectedOfLast10Formatted,
        @JsonProperty("repaired_last_7_days") Long repaired,
        @JsonProperty("repaired_last_7_days_formatted") String repairedFormatted,
        @JsonProperty("display_headers") List<List<String>> displayHeaders) {

    /** How many requests "the last ones" are. */
    static final int LAST = 10;

    private static final List<List<String>> HEADERS =
            List.of(
                    List.of("count_last_7_days_formatted", "Count Last 7 Days"),
                    List.of("success_last_7_days_formatted", "Successful Last 7 Days"),
                    List.of("success_last_7_days_percent_formatted", "Successful Last 7 Days %"),
                    List.of("rejected_last_7_days_formatted", "Rejected Last 7 Days"),
                    List.of("rejected_last_7_days_percent_formatted", "Rejected Last 7 Days %"),
                    List.of("successful_of_last_10_formatted", "Successful Of Last 10"),
                    List.of("rejected_of_last_10_formatted", "Rejected Of Last 10"));

    private static final List<String> REPAIRED =
            List.of("repaired_last_7_days_formatted", "Repaired Last 7 Days");

    /**
     * Requests of some minutes.
     *
     * @param received acknowledged
     * @param rejected refused
     */
    record Minutes(long received, long rejected) {
        long count() {
            return received + rejected;
        }
    }

    /** From all minutes of the window, and the newest of them, newest first. */
    static IntegrationStats of(Minutes window, List<Minutes> newest) {
        return of(window, Math.min(LAST, window.count()), rejectedOfLast(newest));
    }

    /** From all minutes of the window, and how many of the last requests were rejected. */
    static IntegrationStats of(Minutes window, long last, long rejectedLast) {
        if (window.count() == 0) {
            return none();
        }
        double rejectedPercent = 100.0 * window.rejected() / window.count();
        double successPercent = 100.0 * window.received() / window.count();
        return new IntegrationStats(
                "",
                window.count(),
                formatted(window.count()),
                window.received(),
                formatted(window.received()),
                successPercent,
                percent(successPercent),
                window.rejected(),
                formatted(window.rejected()),
                rejectedPercent,
                percent(rejectedPercent),
                last - rejectedLast,
                formatted(last - rejectedLast),
                rejectedLast,
                formatted(rejectedLast),
                null,
                null,
                HEADERS);
    }

    /** The same with how many rows backfills changed, if they changed any. */
    IntegrationStats withRepaired(long rows) {
        if (rows == 0) {
            return this;
        }
        List<List<String>> headers = new ArrayList<>(displayHeaders);
        headers.add(REPAIRED);
        return new IntegrationStats(
                message,
                count,
                countFormatted,
                success,
                successFormatted,
                successPercent,
                successPercentFormatted,
                rejected,
                rejectedFormatted,
                rejectedPercent,
                rejectedPercentFormatted,
                successfulOfLast10,
                successfulOfLast10Formatted,
                rejectedOfLast10,
                rejectedOfLast10Formatted,
                rows,
                formatted(rows),
                List.copyOf(headers));
    }

    private static IntegrationStats none() {
        return new IntegrationStats(
                "Nothing came in for this integration in the last seven days.",
                null,
                null,
                null,
                null,
                null,
                null,
                null,
                null,
                null,
                null,
                null,
                null,
                null,
                null,
                null,
                null,
                HEADERS);
    }

    /**
     * Minutes do not tell the order of their requests, so of the minute in which the tenth last
     * lies a share is counted.
     */
    private static long rejectedOfLast(List<Minutes> newest) {
        long wanted = LAST;
        double rejected = 0;
        for (Minutes minute : newest) {
            if (wanted == 0 || minute.count() == 0) {
                continue;
            }
            long taken = Math.min(wanted, minute.count());
            rejected += (double) minute.rejected() * taken / minute.count();
            wanted -= taken;
        }
        return Math.round(rejected);
    }

    private static String formatted(long number) {
        return String.format(Locale.ROOT, "%,d", number);
    }

    private static String percent(double number) {
        return String.format(Locale.ROOT, "%.1f%%", number);
    }
}

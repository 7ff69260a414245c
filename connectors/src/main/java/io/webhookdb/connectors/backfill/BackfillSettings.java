package io.webhookdb.connectors.backfill;

import java.io.Serializable;
import java.time.Duration;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * Limits of a backfill operator.
 *
 * @param mostRequests requests on their way at once, per subtask
 * @param perAccount of them for one account at a vendor
 * @param itemsPerSecond items of one organization that one subtask lets into the log
 * @param requestsPerDay requests of one account in a day (UTC); 0: as the vendor allows
 * @param requestTimeout longest wait for a whole answer
 * @param mostAnswerBytes longest answer
 * @param firstWait wait after a failure; doubles
 * @param longestWait longest wait after failures
 * @param mostFailures failures in a row after which a run is given up
 * @param readRows rows of a table in one reading
 * @param apiBases base URL by vendor, lower case, instead of the catalogue's
 * @param outboundAllow ranges that may be reached although they are not public
 * @param ingestUrl where vendors reach ingest, without a trailing slash; empty: nowhere, so they
 *     are only polled
 */
public record BackfillSettings(
        int mostRequests,
        int perAccount,
        int itemsPerSecond,
        int requestsPerDay,
        Duration requestTimeout,
        int mostAnswerBytes,
        Duration firstWait,
        Duration longestWait,
        int mostFailures,
        int readRows,
        HashMap<String, String> apiBases,
        String outboundAllow,
        String ingestUrl)
        implements Serializable {

    private static final String API_BASE = "WEBHOOKDB_API_BASE_";
    private static final Pattern BASE = Pattern.compile("(?i)https?://[^\\s/?#@]+(/[^\\s?#]*)?");
    private static final String INGEST_URL = "WEBHOOKDB_INGEST_URL";

    /** What production uses. */
    public static final BackfillSettings DEFAULT =
            new BackfillSettings(
                    256,
                    3,
                    20_000,
                    0,
                    Duration.ofSeconds(60),
                    32 << 20,
                    Duration.ofSeconds(1),
                    Duration.ofMinutes(5),
                    15,
                    500,
                    new HashMap<>(),
                    "",
                    "");

    /**
     * The same with what the environment says of vendors' base URLs and of ingest's.
     *
     * @throws IllegalArgumentException if a base is no URL; vendors need not be known, as own
     *     services may have others
     */
    public BackfillSettings withEnvironment(Map<String, String> environment) {
        HashMap<String, String> bases = new HashMap<>(apiBases);
        environment.forEach(
                (name, value) -> {
                    if (name.startsWith(API_BASE) && !value.isBlank()) {
                        bases.put(
                                name.substring(API_BASE.length()).toLowerCase(Locale.ROOT),
                                base(name, value));
                    }
                });
        return new BackfillSettings(
                mostRequests,
                perAccount,
                itemsPerSecond,
                requestsPerDay,
                requestTimeout,
                mostAnswerBytes,
                firstWait,
                longestWait,
                mostFailures,
                readRows,
                bases,
                outboundAllow,
                environment.getOrDefault(INGEST_URL, ingestUrl).strip().replaceAll("/+$", ""));
    }

    private static String base(String name, String value) {
        String base = value.strip().replaceAll("/+$", "");
        if (!BASE.matcher(base).matches()) {
            throw new IllegalArgumentException(
                    name + " is \"" + value + "\"; expected a URL such as https://api.example.com");
        }
        return base;
    }

    /** The same with ranges that may be called, the value of {@code WEBHOOKDB_OUTBOUND_ALLOW}. */
    public BackfillSettings withOutboundAllow(String cidrs) {
        return new BackfillSettings(
                mostRequests,
                perAccount,
                itemsPerSecond,
                requestsPerDay,
                requestTimeout,
                mostAnswerBytes,
                firstWait,
                longestWait,
                mostFailures,
                readRows,
                apiBases,
                cidrs,
                ingestUrl);
    }

    /** The same with other waits after failures. */
    public BackfillSettings withWaits(Duration first, Duration longest) {
        return new BackfillSettings(
                mostRequests,
                perAccount,
                itemsPerSecond,
                requestsPerDay,
                requestTimeout,
                mostAnswerBytes,
                first,
                longest,
                mostFailures,
                readRows,
                apiBases,
                outboundAllow,
                ingestUrl);
    }

    /** The same with another longest wait for an answer. */
    public BackfillSettings withRequestTimeout(Duration timeout) {
        return new BackfillSettings(
                mostRequests,
                perAccount,
                itemsPerSecond,
                requestsPerDay,
                timeout,
                mostAnswerBytes,
                firstWait,
                longestWait,
                mostFailures,
                readRows,
                apiBases,
                outboundAllow,
                ingestUrl);
    }

    /** The same with another limit of an organization's items. */
    public BackfillSettings withItemsPerSecond(int limit) {
        return new BackfillSettings(
                mostRequests,
                perAccount,
                limit,
                requestsPerDay,
                requestTimeout,
                mostAnswerBytes,
                firstWait,
                longestWait,
                mostFailures,
                readRows,
                apiBases,
                outboundAllow,
                ingestUrl);
    }

    /** The same with another daily budget of an account. */
    public BackfillSettings withRequestsPerDay(int limit) {
        return new BackfillSettings(
                mostRequests,
                perAccount,
                itemsPerSecond,
                limit,
                requestTimeout,
                mostAnswerBytes,
                firstWait,
                longestWait,
                mostFailures,
                readRows,
                apiBases,
                outboundAllow,
                ingestUrl);
    }
}

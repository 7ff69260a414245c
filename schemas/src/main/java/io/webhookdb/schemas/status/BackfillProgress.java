package io.webhookdb.schemas.status;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Locale;

/**
 * How far the listing of one integration got. A later report of the same run replaces the earlier.
 *
 * @param organization numeric id
 * @param integration opaque id
 * @param run opaque id of the order, {@code bfj_...}, or of the scheduled run
 * @param state what is being done
 * @param pages pages fetched so far
 * @param items items found so far
 * @param repaired rows that differed from what webhooks had left; -1 where that is not counted
 * @param itemsPerSecond over the last minute
 * @param estimatedEnd ISO-8601; null while unknown
 * @param startedAt ISO-8601 start; null while queued
 * @param at ISO-8601 time of this report
 * @param failure the vendor's answer or what else went wrong, without secrets; null for none
 * @param request what was asked when it failed; null unless it failed of a request
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record BackfillProgress(
        long organization,
        String integration,
        String run,
        State state,
        long pages,
        long items,
        long repaired,
        double itemsPerSecond,
        String estimatedEnd,
        String startedAt,
        String at,
        String failure,
        Request request)
        implements StatusReport {

    /** A report of a listing that did not fail of a request. */
    public BackfillProgress(
            long organization,
            String integration,
            String run,
            State state,
            long pages,
            long items,
            long repaired,
            double itemsPerSecond,
            String estimatedEnd,
            String startedAt,
            String at,
            String failure) {
        this(
                organization,
                integration,
                run,
                state,
                pages,
                items,
                repaired,
                itemsPerSecond,
                estimatedEnd,
                startedAt,
                at,
                failure,
                null);
    }

    /**
     * A request and what came of it, without secrets.
     *
     * @param method HTTP method
     * @param url without query
     * @param status HTTP status; 0: there was no answer
     * @param body start of the answer's body; null where there was no answer
     */
    public record Request(String method, String url, int status, String body) {}

    /** What a listing is doing. Words are part of the public format. */
    public enum State {
        QUEUED,
        RUNNING,
        /** Told to slow down by the vendor, or its budget is used up. */
        WAITING_FOR_VENDOR,
        /** Refused in a way that no retry mends; {@code failure} says how. */
        FAILED,
        CANCELLED,
        FINISHED;

        /** Lower-case word on the wire. */
        @JsonValue
        public String word() {
            return name().toLowerCase(Locale.ROOT);
        }

        /** Whether nothing follows. */
        public boolean ended() {
            return this == FAILED || this == CANCELLED || this == FINISHED;
        }
    }

    @Override
    public String key() {
        return "backfill/" + run;
    }
}

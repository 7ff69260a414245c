package io.webhookdb.schemas.status;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.List;

/**
 * The last requests one ingest process answered for an integration since its last report, at most
 * ten. Nothing is counted by them; a lost report is no loss.
 *
 * @param organization numeric id
 * @param integration opaque id
 * @param reporter one run of a process
 * @param requests oldest first
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record RecentRequests(
        long organization, String integration, String reporter, List<Request> requests)
        implements StatusReport {

    /** How many are reported at most. */
    public static final int MOST = 10;

    public RecentRequests {
        requests = List.copyOf(requests);
    }

    /**
     * One answered request.
     *
     * @param atMicros arrival, microseconds since the epoch
     * @param status HTTP status of the answer
     * @param outcome accepted, or the code of the reason it was rejected for
     * @param millis from arrival to answer
     */
    public record Request(
            @JsonProperty("at_micros") long atMicros, int status, String outcome, long millis) {}

    @Override
    public String key() {
        return "integration/" + integration;
    }
}

package io.webhookdb.schemas.catalog;

/**
 * What ingest answers to an accepted request.
 *
 * @param status 2xx
 * @param contentType media type of the body
 * @param body text of the body
 */
public record Reply(int status, String contentType, String body) {
    /** 202 with {@code {"o":"k"}}. */
    public static final Reply DEFAULT = new Reply(202, "application/json", "{\"o\":\"k\"}");
}

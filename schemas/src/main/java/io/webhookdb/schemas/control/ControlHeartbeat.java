package io.webhookdb.schemas.control;

/**
 * "Everything committed to the application database before this time has been published." Sent
 * about twice a second; a reader that has seen one later than a request knows that it has not
 * missed the entity the request names.
 *
 * @param asOfMicros time at which the publisher began to look for unpublished changes and found
 *     none left, microseconds since the epoch
 */
public record ControlHeartbeat(long asOfMicros) implements ControlRecord {
    @Override
    public String key() {
        return "heartbeat/provisioner";
    }

    @Override
    public long revision() {
        return asOfMicros;
    }
}

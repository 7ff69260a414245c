package io.webhookdb.connectors.statefun;

/**
 * A message a function sent to itself for later.
 *
 * @param dueAt milliseconds since the epoch
 * @param token by which it can be cancelled; empty if by none
 * @param payloadType typename of the payload
 * @param payload the payload
 */
record DelayedMessage(long dueAt, String token, String payloadType, byte[] payload) {

    PendingMessage due() {
        return new PendingMessage(payloadType, payload, true);
    }
}

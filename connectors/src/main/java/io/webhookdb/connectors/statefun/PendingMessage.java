package io.webhookdb.connectors.statefun;

/**
 * A message waiting for its function.
 *
 * @param payloadType typename of the payload
 * @param payload the payload
 * @param fromItself whether the function sent it to itself
 */
record PendingMessage(String payloadType, byte[] payload, boolean fromItself) {

    /** Bytes it takes in a request, about. */
    int weight() {
        return payload.length + payloadType.length() + 16;
    }
}

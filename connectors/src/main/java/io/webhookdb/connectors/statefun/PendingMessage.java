package io.webhookdb.connectors.statefun;

import io.webhookdb.connectors.statefun.FunctionModule.Presented;

/**
 * A message waiting for its function.
 *
 * @param payloadType typename of the payload
 * @param payload the payload
 * @param fromItself whether the function sent it to itself
 */
record PendingMessage(String payloadType, byte[] payload, boolean fromItself) {

    /** The message as an endpoint gets it. */
    PendingMessage presentedBy(FunctionModule module) {
        Presented shown = module.presented(new Presented(payloadType, payload));
        return new PendingMessage(shown.type(), shown.payload(), fromItself);
    }

    /** Bytes it takes in a request, about. */
    int weight() {
        return payload.length + payloadType.length() + 16;
    }
}

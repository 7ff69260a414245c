package io.webhookdb.connectors.statefun;

import java.net.URI;
import java.util.List;
import java.util.Map;

/**
 * A call in flight.
 *
 * @param address whose
 * @param messages its oldest messages, which it holds
 * @param stored the address's values that have not expired; empty while it is not known that its
 *     function has any
 * @param endpoint where; null in process
 * @param startedAt milliseconds of the host's steady clock
 */
record Call(
        FunctionAddress address,
        List<PendingMessage> messages,
        Map<String, StoredValue> stored,
        URI endpoint,
        long startedAt) {

    /** The messages as they are given to the function; an endpoint may see another form. */
    List<PendingMessage> presentedBy(FunctionModule module) {
        return endpoint == null
                ? messages
                : messages.stream().map(message -> message.presentedBy(module)).toList();
    }

    /** With the values that the function turned out to have. */
    Call with(Map<String, StoredValue> values) {
        return new Call(address, messages, values, endpoint, startedAt);
    }
}

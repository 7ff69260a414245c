package io.webhookdb.connectors.statefun;

import io.webhookdb.connectors.serialization.ExplicitType;
import java.util.Objects;

/**
 * A message to a function. Streams of messages are keyed by {@link #address()}.
 *
 * @param typename the function's type, {@code namespace/name}
 * @param id which one of that type; any text
 * @param payloadType typename of the payload, such as {@code io.webhookdb.types/change}: what the
 *     function asks with {@code message.is(type)}
 * @param payload the payload as that type's serializer reads it; never mutated
 */
public record FunctionMessage(String typename, String id, String payloadType, byte[] payload) {
    /** Stream type. */
    public static final ExplicitType<FunctionMessage> TYPE =
            ExplicitType.of(FunctionMessage.class, new FunctionMessageSerializer());

    /**
     * Checks the typename.
     *
     * @throws IllegalArgumentException if it is not {@code namespace/name}
     */
    public FunctionMessage {
        FunctionAddress.requireTypename(typename);
        Objects.requireNonNull(id, "id");
        Objects.requireNonNull(payloadType, "payloadType");
        Objects.requireNonNull(payload, "payload");
    }

    /** Key of the stream: {@code namespace/name/id}. */
    public String address() {
        return FunctionAddress.text(typename, id);
    }
}

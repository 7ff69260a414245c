package io.webhookdb.connectors.statefun;

import java.util.List;
import java.util.Map;
import org.apache.flink.statefun.sdk.reqreply.generated.Address;
import org.apache.flink.statefun.sdk.reqreply.generated.ToFunction;
import org.apache.flink.statefun.sdk.reqreply.generated.ToFunction.Invocation;
import org.apache.flink.statefun.sdk.reqreply.generated.ToFunction.InvocationBatchRequest;
import org.apache.flink.statefun.sdk.reqreply.generated.ToFunction.PersistedValue;
import org.apache.flink.statefun.sdk.reqreply.generated.TypedValue;
import org.apache.flink.statefun.sdk.shaded.com.google.protobuf.UnsafeByteOperations;

/**
 * Requests of StateFun's request-reply protocol, version 3: {@code sdk/request-reply.proto} in the
 * jar of statefun-sdk-java.
 */
final class Protocol {
    private Protocol() {}

    /**
     * A call.
     *
     * @param target whose function
     * @param messages in order
     * @param names names of the values the function asked for
     * @param values those that there are, and maybe others
     */
    static ToFunction request(
            FunctionAddress target,
            List<PendingMessage> messages,
            List<String> names,
            Map<String, StoredValue> values) {
        Address address = address(target);
        InvocationBatchRequest.Builder batch =
                InvocationBatchRequest.newBuilder().setTarget(address);
        for (PendingMessage message : messages) {
            Invocation.Builder invocation =
                    Invocation.newBuilder()
                            .setArgument(typed(message.payloadType(), message.payload()));
            if (message.fromItself()) {
                invocation.setCaller(address);
            }
            batch.addInvocations(invocation);
        }
        for (String name : names) {
            PersistedValue.Builder persisted = PersistedValue.newBuilder().setStateName(name);
            StoredValue value = values.get(name);
            if (value != null) {
                persisted.setStateValue(typed(value.type(), value.value()));
            }
            batch.addState(persisted);
        }
        return ToFunction.newBuilder().setInvocation(batch).build();
    }

    static boolean isSame(Address address, FunctionAddress own) {
        return address.getNamespace().equals(own.namespace())
                && address.getType().equals(own.name())
                && address.getId().equals(own.id());
    }

    static String text(Address address) {
        return address.getNamespace() + "/" + address.getType() + "/" + address.getId();
    }

    private static Address address(FunctionAddress address) {
        return Address.newBuilder()
                .setNamespace(address.namespace())
                .setType(address.name())
                .setId(address.id())
                .build();
    }

    private static TypedValue typed(String type, byte[] value) {
        return TypedValue.newBuilder()
                .setTypename(type)
                .setHasValue(true)
                .setValue(UnsafeByteOperations.unsafeWrap(value))
                .build();
    }
}

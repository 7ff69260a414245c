package io.webhookdb.connectors.statefun;

import io.webhookdb.connectors.statefun.InvocationResult.Cancel;
import io.webhookdb.connectors.statefun.InvocationResult.Delay;
import io.webhookdb.connectors.statefun.InvocationResult.Later;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.flink.runtime.state.VoidNamespace;
import org.apache.flink.statefun.sdk.reqreply.generated.FromFunction.InvocationResponse;
import org.apache.flink.statefun.sdk.reqreply.generated.FromFunction.PersistedValueMutation;
import org.apache.flink.streaming.api.operators.InternalTimerService;

/**
 * Lets a function's answer take effect on the address that is the current key: all of it in one
 * mail, so that a checkpoint holds the messages or what became of them, never both or neither.
 */
final class Settlement {
    private final AddressState state;
    private final ValueSpecs specs;
    private final InternalTimerService<VoidNamespace> timers;
    private final HostOutput output;
    private final FunctionHostSettings settings;

    Settlement(
            AddressState state,
            ValueSpecs specs,
            InternalTimerService<VoidNamespace> timers,
            HostOutput output,
            FunctionHostSettings settings) {
        this.state = state;
        this.specs = specs;
        this.timers = timers;
        this.output = output;
        this.settings = settings;
    }

    /** Has a message wait for its function, unless too many do. */
    void enqueue(FunctionAddress address, PendingMessage message) throws Exception {
        if (state.waiting().backlog().size() >= settings.mostPendingPerAddress()) {
            output.refuse(
                    address,
                    "More than " + settings.mostPendingPerAddress() + " messages wait for it");
            return;
        }
        state.waiting().append(message);
    }

    /**
     * Settles a call.
     *
     * @return whether the address has further messages
     */
    boolean settle(Call call, InvocationResponse answer) throws Exception {
        FunctionAddress address = call.address();
        List<PendingMessage> messages = call.messages();
        long time = timers.currentProcessingTime();
        InvocationResult result = InvocationResult.of(address, answer, settings.topics(), time);
        if (!result.results().isEmpty()) {
            output.result(address, messages, result.results());
        }
        Backlog left = state.waiting().settle(messages.size());
        store(address, call.stored(), answer.getStateMutationsList(), time);
        for (PendingMessage message : result.toItself()) {
            enqueue(address, message);
        }
        for (Later later : result.later()) {
            apply(address, later);
        }
        result.egress().forEach(output::emit);
        result.refused().forEach(why -> output.refuse(address, why));
        return left.size() > 0 || !result.toItself().isEmpty();
    }

    private void store(
            FunctionAddress address,
            Map<String, StoredValue> before,
            List<PersistedValueMutation> mutations,
            long time)
            throws Exception {
        if (mutations.isEmpty() && !specs.hasKeptByCalls(address.typename())) {
            return;
        }
        Map<String, StoredValue> values = new LinkedHashMap<>(before);
        values.values().removeIf(value -> value.expiresAt() <= time);
        long expiresAt = specs.change(address.typename(), values, mutations, time);
        if (before.isEmpty() && values.isEmpty()) {
            return;
        }
        state.update(values);
        if (expiresAt != Long.MAX_VALUE && state.sweepAt(expiresAt)) {
            timers.registerProcessingTimeTimer(VoidNamespace.INSTANCE, expiresAt);
        }
    }

    private void apply(FunctionAddress address, Later later) throws Exception {
        if (later instanceof Cancel cancel) {
            state.cancel(cancel.token());
        } else if (later instanceof Delay delay) {
            if (state.delayed() >= settings.mostDelayedPerAddress()) {
                output.refuse(
                        address,
                        "More than " + settings.mostDelayedPerAddress() + " delayed messages");
                return;
            }
            state.delay(delay.message());
            timers.registerProcessingTimeTimer(VoidNamespace.INSTANCE, delay.message().dueAt());
        }
    }
}

package io.webhookdb.connectors.statefun;

import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.apache.flink.api.common.state.KeyedStateStore;
import org.apache.flink.api.common.state.MapState;
import org.apache.flink.api.common.state.MapStateDescriptor;
import org.apache.flink.api.common.state.ValueState;
import org.apache.flink.api.common.state.ValueStateDescriptor;
import org.apache.flink.api.common.typeutils.base.LongSerializer;

/**
 * What is kept of the address that is the current key: waiting and delayed messages, values. All
 * but the waiting is always in keyed state.
 */
final class AddressState {
    private static final MapStateDescriptor<Long, DelayedMessage> DELAYED =
            new MapStateDescriptor<>(
                    "function-delayed", LongSerializer.INSTANCE, new DelayedMessageSerializer());
    private static final ValueStateDescriptor<StoredValues> VALUES =
            new ValueStateDescriptor<>("function-values", new StoredValuesSerializer());
    private static final ValueStateDescriptor<Agenda> AGENDA =
            new ValueStateDescriptor<>("function-agenda", new AgendaSerializer());

    private final WaitingMessages waiting;
    private final MapState<Long, DelayedMessage> delayed;
    private final ValueState<StoredValues> values;
    private final ValueState<Agenda> agenda;

    AddressState(KeyedStateStore store, WaitingMessages waiting) {
        this.waiting = waiting;
        delayed = store.getMapState(DELAYED);
        values = store.getState(VALUES);
        agenda = store.getState(AGENDA);
    }

    /** Says which address is the current key. */
    void at(String address) {
        waiting.at(address);
    }

    /** Its messages for the next call. */
    WaitingMessages waiting() {
        return waiting;
    }

    /** How many delayed messages wait. */
    int delayed() throws Exception {
        return agenda().delayed();
    }

    void delay(DelayedMessage message) throws Exception {
        Agenda now = agenda();
        delayed.put(now.next(), message);
        agenda.update(now.added());
    }

    /** Forgets the delayed messages of a token. */
    void cancel(String token) throws Exception {
        remove(message -> message.token().equals(token));
    }

    /** Takes the delayed messages that are due, oldest first. */
    List<DelayedMessage> takeDue(long now) throws Exception {
        return remove(message -> message.dueAt() <= now);
    }

    private List<DelayedMessage> remove(Predicate<DelayedMessage> which) throws Exception {
        Agenda now = agenda();
        if (now.delayed() == 0) {
            return List.of();
        }
        Map<Long, DelayedMessage> removed = new HashMap<>();
        for (Map.Entry<Long, DelayedMessage> entry : delayed.entries()) {
            if (which.test(entry.getValue())) {
                removed.put(entry.getKey(), entry.getValue());
            }
        }
        for (Long number : removed.keySet()) {
            delayed.remove(number);
        }
        update(now.removed(removed.size()));
        return removed.entrySet().stream()
                .sorted(
                        Comparator.<Map.Entry<Long, DelayedMessage>>comparingLong(
                                        entry -> entry.getValue().dueAt())
                                .thenComparing(Map.Entry.comparingByKey()))
                .map(Map.Entry::getValue)
                .toList();
    }

    /** The values that have not expired, for the caller to change and {@link #update}. */
    Map<String, StoredValue> values(long now) throws Exception {
        Map<String, StoredValue> valid = new LinkedHashMap<>(stored().byName());
        valid.values().removeIf(value -> value.expiresAt() <= now);
        return valid;
    }

    void update(Map<String, StoredValue> newest) throws Exception {
        if (newest.isEmpty()) {
            values.clear();
        } else {
            values.update(new StoredValues(newest));
        }
    }

    private StoredValues stored() throws Exception {
        StoredValues found = values.value();
        return found == null ? StoredValues.NONE : found;
    }

    /**
     * Asks for a look at expired values.
     *
     * @return whether a timer is to be set at that time
     */
    boolean sweepAt(long at) throws Exception {
        Agenda now = agenda();
        if (at >= now.sweepAt()) {
            return false;
        }
        agenda.update(now.sweptAt(at));
        return true;
    }

    /**
     * Forgets expired values, when it is time.
     *
     * @return when to look again; {@link Long#MAX_VALUE} for no set time
     */
    long sweep(long now) throws Exception {
        Agenda before = agenda();
        if (before.sweepAt() > now) {
            return Long.MAX_VALUE;
        }
        Map<String, StoredValue> left = values(now);
        update(left);
        long next = Long.MAX_VALUE;
        for (StoredValue value : left.values()) {
            next = Math.min(next, value.expiresAt());
        }
        update(before.sweptAt(next));
        return next;
    }

    private Agenda agenda() throws Exception {
        Agenda found = agenda.value();
        return found == null ? Agenda.EMPTY : found;
    }

    private void update(Agenda now) throws Exception {
        if (now.isIdle()) {
            agenda.clear();
        } else {
            agenda.update(now);
        }
    }
}

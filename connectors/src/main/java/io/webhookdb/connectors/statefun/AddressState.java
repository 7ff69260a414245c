package io.webhookdb.connectors.statefun;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import org.apache.flink.api.common.state.KeyedStateStore;
import org.apache.flink.api.common.state.MapState;
import org.apache.flink.api.common.state.MapStateDescriptor;
import org.apache.flink.api.common.state.ValueState;
import org.apache.flink.api.common.state.ValueStateDescriptor;
import org.apache.flink.api.common.typeutils.base.LongSerializer;
import org.apache.flink.api.common.typeutils.base.StringSerializer;

/**
 * What is kept of the address that is the current key: waiting and delayed messages, values. All of
 * it is always in keyed state, so that a snapshot needs no preparation and heap no room.
 */
final class AddressState {
    /** Set exactly while an address has messages that wait. */
    static final ValueStateDescriptor<Backlog> BACKLOG =
            new ValueStateDescriptor<>("function-backlog", new BacklogSerializer());

    private static final MapStateDescriptor<Long, PendingMessage> PENDING =
            new MapStateDescriptor<>(
                    "function-pending", LongSerializer.INSTANCE, new PendingMessageSerializer());
    private static final MapStateDescriptor<Long, DelayedMessage> DELAYED =
            new MapStateDescriptor<>(
                    "function-delayed", LongSerializer.INSTANCE, new DelayedMessageSerializer());
    private static final MapStateDescriptor<String, StoredValue> VALUES =
            new MapStateDescriptor<>(
                    "function-values", StringSerializer.INSTANCE, new StoredValueSerializer());
    private static final ValueStateDescriptor<Agenda> AGENDA =
            new ValueStateDescriptor<>("function-agenda", new AgendaSerializer());

    private final ValueState<Backlog> backlog;
    private final MapState<Long, PendingMessage> pending;
    private final MapState<Long, DelayedMessage> delayed;
    private final MapState<String, StoredValue> values;
    private final ValueState<Agenda> agenda;

    AddressState(KeyedStateStore store) {
        backlog = store.getState(BACKLOG);
        pending = store.getMapState(PENDING);
        delayed = store.getMapState(DELAYED);
        values = store.getMapState(VALUES);
        agenda = store.getState(AGENDA);
    }

    Backlog backlog() throws Exception {
        Backlog found = backlog.value();
        return found == null ? Backlog.EMPTY : found;
    }

    void append(PendingMessage message) throws Exception {
        Backlog now = backlog();
        pending.put(now.end(), message);
        backlog.update(now.grown());
    }

    /** The oldest messages, in order, at least one if there is any. */
    List<PendingMessage> oldest(int most, int mostBytes) throws Exception {
        Backlog now = backlog();
        List<PendingMessage> messages = new ArrayList<>();
        long bytes = 0;
        for (long i = now.first(); i < now.end() && messages.size() < most; i++) {
            PendingMessage message = pending.get(i);
            bytes += message.weight();
            if (bytes > mostBytes && !messages.isEmpty()) {
                break;
            }
            messages.add(message);
        }
        return messages;
    }

    /** Forgets the oldest messages. */
    void settle(int messages) throws Exception {
        Backlog now = backlog();
        for (long i = now.first(); i < now.first() + messages; i++) {
            pending.remove(i);
        }
        Backlog left = now.without(messages);
        if (left.size() == 0) {
            backlog.clear();
        } else {
            backlog.update(left);
        }
    }

    /** Notes that a call with that many messages failed. */
    void failed(int messages) throws Exception {
        backlog.update(backlog().failed(messages));
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

    /** The value, unless there is none or it expired. */
    Optional<StoredValue> value(String name, long now) throws Exception {
        return Optional.ofNullable(values.get(name)).filter(value -> value.expiresAt() > now);
    }

    void put(String name, StoredValue value) throws Exception {
        values.put(name, value);
    }

    void delete(String name) throws Exception {
        values.remove(name);
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
        long next = Long.MAX_VALUE;
        Iterator<Map.Entry<String, StoredValue>> all = values.iterator();
        while (all.hasNext()) {
            long expiresAt = all.next().getValue().expiresAt();
            if (expiresAt <= now) {
                all.remove();
            } else {
                next = Math.min(next, expiresAt);
            }
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

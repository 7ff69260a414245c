package io.webhookdb.connectors.statefun;

import java.util.ArrayList;
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
 * What is kept of the address that is the current key: waiting and delayed messages, values. All of
 * it is always in keyed state, so that a snapshot needs no preparation; a little is in heap, too,
 * since most addresses are looked at several times in a moment and then never again.
 */
final class AddressState {
    private static final int MOST_KNOWN = 10_000;

    /** Set exactly while an address has messages that wait. */
    static final ValueStateDescriptor<Backlog> BACKLOG =
            new ValueStateDescriptor<>("function-backlog", new BacklogSerializer());

    private static final MapStateDescriptor<Long, PendingMessage> PENDING =
            new MapStateDescriptor<>(
                    "function-pending", LongSerializer.INSTANCE, new PendingMessageSerializer());
    private static final MapStateDescriptor<Long, DelayedMessage> DELAYED =
            new MapStateDescriptor<>(
                    "function-delayed", LongSerializer.INSTANCE, new DelayedMessageSerializer());
    private static final ValueStateDescriptor<StoredValues> VALUES =
            new ValueStateDescriptor<>("function-values", new StoredValuesSerializer());
    private static final ValueStateDescriptor<Agenda> AGENDA =
            new ValueStateDescriptor<>("function-agenda", new AgendaSerializer());

    private final ValueState<Backlog> backlog;
    private final MapState<Long, PendingMessage> pending;
    private final MapState<Long, DelayedMessage> delayed;
    private final ValueState<StoredValues> values;
    private final ValueState<Agenda> agenda;

    /** Backlogs that are not empty, as state has them. */
    private final Map<String, Backlog> known =
            new LinkedHashMap<>(16, 0.75f, true) {
                private static final long serialVersionUID = 1L;

                @Override
                protected boolean removeEldestEntry(Map.Entry<String, Backlog> eldest) {
                    return size() > MOST_KNOWN;
                }
            };

    private String current = "";
    private Newest newest = new Newest("", -1, null);

    /** The message appended last: usually the next to be read. */
    private record Newest(String address, long number, PendingMessage message) {}

    AddressState(KeyedStateStore store) {
        backlog = store.getState(BACKLOG);
        pending = store.getMapState(PENDING);
        delayed = store.getMapState(DELAYED);
        values = store.getState(VALUES);
        agenda = store.getState(AGENDA);
    }

    /** Says which address is the current key. */
    void at(String address) {
        current = address;
    }

    Backlog backlog() throws Exception {
        Backlog found = known.get(current);
        if (found == null) {
            found = backlog.value();
            if (found != null) {
                known.put(current, found);
            }
        }
        return found == null ? Backlog.EMPTY : found;
    }

    private void update(Backlog now) throws Exception {
        if (now.size() == 0) {
            known.remove(current);
            backlog.clear();
        } else {
            known.put(current, now);
            backlog.update(now);
        }
    }

    void append(PendingMessage message) throws Exception {
        Backlog now = backlog();
        pending.put(now.end(), message);
        newest = new Newest(current, now.end(), message);
        update(now.grown());
    }

    /** The messages of the next call: the oldest, in order, at least one if there is any. */
    List<PendingMessage> next(FunctionHostSettings settings) throws Exception {
        Backlog now = backlog();
        int most = now.isOldestAlone() ? 1 : settings.mostBatchMessages();
        List<PendingMessage> messages = new ArrayList<>();
        long bytes = 0;
        for (long i = now.first(); i < now.end() && messages.size() < most; i++) {
            PendingMessage message =
                    i == newest.number() && current.equals(newest.address())
                            ? newest.message()
                            : pending.get(i);
            bytes += message.weight();
            if (bytes > settings.mostBatchBytes() && !messages.isEmpty()) {
                break;
            }
            messages.add(message);
        }
        return messages;
    }

    /**
     * Forgets the oldest messages.
     *
     * @return which are left
     */
    Backlog settle(int messages) throws Exception {
        Backlog now = backlog();
        for (long i = now.first(); i < now.first() + messages; i++) {
            pending.remove(i);
        }
        Backlog left = now.without(messages);
        update(left);
        return left;
    }

    /** Notes that a call with that many messages failed. */
    void failed(int messages) throws Exception {
        update(backlog().failed(messages));
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

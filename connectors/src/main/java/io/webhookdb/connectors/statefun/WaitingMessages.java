package io.webhookdb.connectors.statefun;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
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
import org.apache.flink.util.function.ThrowingConsumer;

/**
 * Messages that wait for a call, of the address that is the current key. Those of an address whose
 * turn comes soon are in heap alone: nearly all are settled before a checkpoint would have to keep
 * them. {@link #keep} writes the others to keyed state; a checkpoint without it would lose them.
 */
final class WaitingMessages {
    /** What a checkpoint may have to write: a tenth of a second. */
    private static final int MOST_HELD = 10_000;

    private static final long MOST_HELD_BYTES = 16L << 20;
    private static final int MOST_KNOWN = 10_000;
    private static final long NOT_COUNTED = -1;

    /** Set exactly while an address has messages in state. */
    static final ValueStateDescriptor<Backlog> BACKLOG =
            new ValueStateDescriptor<>("function-backlog", new BacklogSerializer());

    private static final MapStateDescriptor<Long, PendingMessage> PENDING =
            new MapStateDescriptor<>(
                    "function-pending", LongSerializer.INSTANCE, new PendingMessageSerializer());

    private final ValueState<Backlog> backlog;
    private final MapState<Long, PendingMessage> pending;

    /** Addresses of which nothing is in state. */
    private final Map<String, Held> held = new LinkedHashMap<>();

    private long heldBytes;

    /** Backlogs that are not empty, as state has them. */
    private final Map<String, Backlog> known =
            new LinkedHashMap<>(16, 0.75f, true) {
                private static final long serialVersionUID = 1L;

                @Override
                protected boolean removeEldestEntry(Map.Entry<String, Backlog> eldest) {
                    return size() > MOST_KNOWN;
                }
            };

    /** How many addresses have a backlog in state. */
    private long stored;

    private Predicate<String> mayHold = address -> false;
    private String current = "";
    private Newest newest = new Newest("", -1, null);

    /** The message that was put to state last: usually the next to be read. */
    private record Newest(String address, long number, PendingMessage message) {}

    private static final class Held {
        private Backlog backlog = Backlog.EMPTY;
        private final Deque<PendingMessage> messages = new ArrayDeque<>(1);
    }

    private WaitingMessages(KeyedStateStore store, long stored) {
        this.backlog = store.getState(BACKLOG);
        this.pending = store.getMapState(PENDING);
        this.stored = stored;
    }

    /** Where state is empty. */
    static WaitingMessages none(KeyedStateStore store) {
        return new WaitingMessages(store, 0);
    }

    /** Where state may hold messages, until {@link #counted}. */
    static WaitingMessages restored(KeyedStateStore store) {
        return new WaitingMessages(store, NOT_COUNTED);
    }

    /**
     * Says which addresses need not be found in state.
     *
     * @param addresses those that will be called without {@link #BACKLOG} naming them; before one
     *     of them ends to be such, {@link #keep} is to be called
     */
    void mayHold(Predicate<String> addresses) {
        mayHold = addresses;
    }

    void at(String address) {
        current = address;
    }

    /** How many addresses' messages are in heap alone. */
    int held() {
        return held.size();
    }

    Backlog backlog() throws Exception {
        Held young = held.get(current);
        return young == null ? storedBacklog() : young.backlog;
    }

    private Backlog storedBacklog() throws Exception {
        Backlog found = known.get(current);
        if (found == null && known.size() != stored) {
            found = backlog.value();
            if (found != null) {
                known.put(current, found);
            }
        }
        return found == null ? Backlog.EMPTY : found;
    }

    /** Says how many addresses have a backlog in state, of which nothing has to be read then. */
    void counted(long addresses) {
        stored = addresses;
    }

    void append(PendingMessage message) throws Exception {
        Held young = held.get(current);
        if (young == null && !hasPlaceFor(message)) {
            appendToState(message);
            return;
        }
        if (young == null) {
            young = new Held();
            held.put(current, young);
        }
        young.messages.addLast(message);
        young.backlog = young.backlog.grown();
        heldBytes += message.weight();
        if (heldBytes > MOST_HELD_BYTES) {
            held.remove(current);
            write(young);
        }
    }

    private boolean hasPlaceFor(PendingMessage message) throws Exception {
        return held.size() < MOST_HELD
                && heldBytes + message.weight() <= MOST_HELD_BYTES
                && mayHold.test(current)
                && storedBacklog().size() == 0;
    }

    private void appendToState(PendingMessage message) throws Exception {
        Backlog before = storedBacklog();
        pending.put(before.end(), message);
        newest = new Newest(current, before.end(), message);
        update(before, before.grown());
    }

    private void write(Held young) throws Exception {
        long number = young.backlog.first();
        for (PendingMessage message : young.messages) {
            pending.put(number++, message);
            heldBytes -= message.weight();
        }
        update(Backlog.EMPTY, young.backlog);
    }

    /**
     * Writes to state what is in heap alone. Changes the current key.
     *
     * @param key makes an address the current key
     */
    void keep(ThrowingConsumer<String, Exception> key) throws Exception {
        for (Map.Entry<String, Held> entry : held.entrySet()) {
            key.accept(entry.getKey());
            current = entry.getKey();
            write(entry.getValue());
        }
        held.clear();
    }

    private void update(Backlog before, Backlog now) throws Exception {
        if (stored != NOT_COUNTED) {
            stored += Integer.signum((int) now.size()) - Integer.signum((int) before.size());
        }
        if (now.size() == 0) {
            known.remove(current);
            backlog.clear();
        } else {
            known.put(current, now);
            backlog.update(now);
        }
    }

    /** The messages of the next call: the oldest, in order, at least one if there is any. */
    List<PendingMessage> next(FunctionHostSettings settings) throws Exception {
        Held young = held.get(current);
        Backlog now = young == null ? storedBacklog() : young.backlog;
        int most = now.isOldestAlone() ? 1 : settings.mostBatchMessages();
        List<PendingMessage> messages = new ArrayList<>(1);
        long bytes = 0;
        var inHeap = young == null ? null : young.messages.iterator();
        for (long i = now.first(); i < now.end() && messages.size() < most; i++) {
            PendingMessage message = inHeap == null ? fromState(i) : inHeap.next();
            bytes += message.weight();
            if (bytes > settings.mostBatchBytes() && !messages.isEmpty()) {
                break;
            }
            messages.add(message);
        }
        return messages;
    }

    private PendingMessage fromState(long number) throws Exception {
        return number == newest.number() && current.equals(newest.address())
                ? newest.message()
                : pending.get(number);
    }

    /**
     * Forgets the oldest messages.
     *
     * @return which are left
     */
    Backlog settle(int messages) throws Exception {
        Held young = held.get(current);
        if (young == null) {
            Backlog now = storedBacklog();
            for (long i = now.first(); i < now.first() + messages; i++) {
                pending.remove(i);
            }
            Backlog left = now.without(messages);
            update(now, left);
            return left;
        }
        for (int i = 0; i < messages; i++) {
            heldBytes -= young.messages.removeFirst().weight();
        }
        young.backlog = young.backlog.without(messages);
        if (young.backlog.size() == 0) {
            held.remove(current);
        }
        return young.backlog;
    }

    /** Notes that a call with that many messages failed. */
    void failed(int messages) throws Exception {
        Held young = held.get(current);
        if (young == null) {
            Backlog now = storedBacklog();
            update(now, now.failed(messages));
        } else {
            young.backlog = young.backlog.failed(messages);
        }
    }
}

package io.webhookdb.connectors.webhook;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.flink.statefun.sdk.java.TypeName;
import org.apache.flink.statefun.sdk.java.types.SimpleType;
import org.apache.flink.statefun.sdk.java.types.Type;

/**
 * Deliveries of one row that wait for each other, the oldest first. Bounded: beyond {@link #MOST}
 * the newest replaces the one before it, so that the receiver always gets the row's newest state.
 *
 * @param waiting at most {@link #MOST}
 */
record Queue(List<Delivery> waiting) {
    static final int MOST = 20;
    static final Queue EMPTY = new Queue(List.of());

    static final Type<Queue> TYPE =
            SimpleType.simpleImmutableTypeFrom(
                    TypeName.typeNameOf("io.webhookdb.types", "delivery-queue"),
                    Queue::encode,
                    Queue::decode);

    Queue {
        waiting = List.copyOf(waiting);
    }

    boolean isEmpty() {
        return waiting.isEmpty();
    }

    Delivery head() {
        return waiting.get(0);
    }

    boolean holds(String id) {
        return waiting.stream().anyMatch(delivery -> delivery.id().equals(id));
    }

    /** The one that {@link #with} would replace, its place being the last. */
    Optional<Delivery> displaced() {
        return waiting.size() < MOST
                ? Optional.empty()
                : Optional.of(waiting.get(waiting.size() - 1));
    }

    Queue with(Delivery delivery) {
        List<Delivery> longer = new ArrayList<>(waiting);
        if (longer.size() >= MOST) {
            longer.remove(longer.size() - 1);
        }
        longer.add(delivery);
        return new Queue(longer);
    }

    /** With another form of the head. */
    Queue withHead(Delivery head) {
        List<Delivery> changed = new ArrayList<>(waiting);
        changed.set(0, head);
        return new Queue(changed);
    }

    Queue withoutHead() {
        return new Queue(waiting.subList(1, waiting.size()));
    }

    private byte[] encode() {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (DataOutputStream out = new DataOutputStream(bytes)) {
            out.writeInt(waiting.size());
            for (Delivery delivery : waiting) {
                byte[] encoded = delivery.encode();
                out.writeInt(encoded.length);
                out.write(encoded);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }

    private static Queue decode(byte[] bytes) {
        try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(bytes))) {
            int size = in.readInt();
            List<Delivery> waiting = new ArrayList<>(size);
            for (int i = 0; i < size; i++) {
                waiting.add(Delivery.read(in.readNBytes(in.readInt())));
            }
            return new Queue(waiting);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}

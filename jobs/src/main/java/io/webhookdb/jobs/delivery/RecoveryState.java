package io.webhookdb.jobs.delivery;

import io.webhookdb.jobs.delivery.RecoveryReader.Part;
import java.util.HashMap;
import java.util.Map;
import org.apache.flink.api.common.state.KeyedStateStore;
import org.apache.flink.api.common.state.MapState;
import org.apache.flink.api.common.state.MapStateDescriptor;
import org.apache.flink.api.common.state.ValueState;
import org.apache.flink.api.common.state.ValueStateDescriptor;
import org.apache.flink.api.common.typeinfo.PrimitiveArrayTypeInfo;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.api.java.tuple.Tuple2;

/** What is kept of the order that is the current key. */
final class RecoveryState {
    private final ValueState<byte[]> order;
    private final MapState<Integer, Tuple2<Long, Long>> parts;
    private final ValueState<Long> read;
    private final ValueState<Long> sent;
    private final ValueState<Long> looks;
    private final ValueState<Long> reportedAt;

    RecoveryState(KeyedStateStore store) {
        order =
                store.getState(
                        new ValueStateDescriptor<>(
                                "order", PrimitiveArrayTypeInfo.BYTE_PRIMITIVE_ARRAY_TYPE_INFO));
        parts =
                store.getMapState(
                        new MapStateDescriptor<>(
                                "parts", Types.INT, Types.TUPLE(Types.LONG, Types.LONG)));
        read = number(store, "read");
        sent = number(store, "sent");
        looks = number(store, "looks");
        reportedAt = number(store, "reported-at");
    }

    private static ValueState<Long> number(KeyedStateStore store, String name) {
        return store.getState(new ValueStateDescriptor<>(name, Types.LONG));
    }

    /** The order's control record; null if there is none. */
    byte[] order() throws Exception {
        return order.value();
    }

    void order(byte[] json) throws Exception {
        order.update(json);
    }

    /** What is left of the order's window, by partition. */
    Map<Integer, Part> parts() throws Exception {
        Map<Integer, Part> left = new HashMap<>();
        for (Map.Entry<Integer, Tuple2<Long, Long>> part : parts.entries()) {
            left.put(part.getKey(), new Part(part.getValue().f0, part.getValue().f1));
        }
        return left;
    }

    void parts(Map<Integer, Part> left) throws Exception {
        parts.clear();
        for (Map.Entry<Integer, Part> part : left.entrySet()) {
            parts.put(part.getKey(), Tuple2.of(part.getValue().next(), part.getValue().end()));
        }
    }

    /** Changes of the subscription's scope that were read. */
    long read() throws Exception {
        return value(read);
    }

    /** Those of them that were sent. */
    long sent() throws Exception {
        return value(sent);
    }

    void count(long moreRead, long moreSent) throws Exception {
        read.update(read() + moreRead);
        sent.update(sent() + moreSent);
    }

    /**
     * Notes a look for the order's subscription that found none.
     *
     * @return how many there were
     */
    long looked() throws Exception {
        long number = value(looks) + 1;
        looks.update(number);
        return number;
    }

    /** When the order was last reported, milliseconds since the epoch; null before it began. */
    Long reportedAt() throws Exception {
        return reportedAt.value();
    }

    void reported(long at) throws Exception {
        reportedAt.update(at);
    }

    void clear() {
        order.clear();
        parts.clear();
        read.clear();
        sent.clear();
        looks.clear();
        reportedAt.clear();
    }

    private static long value(ValueState<Long> state) throws Exception {
        Long value = state.value();
        return value == null ? 0 : value;
    }
}

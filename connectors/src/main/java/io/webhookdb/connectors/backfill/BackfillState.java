package io.webhookdb.connectors.backfill;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.apache.flink.api.common.state.KeyedStateStore;
import org.apache.flink.api.common.state.MapState;
import org.apache.flink.api.common.state.MapStateDescriptor;
import org.apache.flink.api.common.state.ValueState;
import org.apache.flink.api.common.state.ValueStateDescriptor;
import org.apache.flink.api.common.typeinfo.PrimitiveArrayTypeInfo;
import org.apache.flink.api.common.typeinfo.Types;

/** Keyed state of the account that is the current key. Values are JSON. */
final class BackfillState {
    /** Orders that have not ended, by id. */
    static final String ORDERS = "orders";

    /** Their runs, by id. */
    static final String RUNS = "runs";

    /** {@link IntegrationNote} by integration. */
    static final String INTEGRATIONS = "integrations";

    private final MapState<String, byte[]> orders;
    private final MapState<String, byte[]> runs;
    private final MapState<String, byte[]> integrations;
    private final ValueState<byte[]> note;

    /** Rows a listing brought that runs after it are fanned out over, by run and remote key. */
    private final MapState<String, byte[]> listed;

    /** Remote keys a listing brought, by run and key. */
    private final MapState<String, Boolean> seen;

    /** {@link ChannelNote} by service of the row and its remote key. */
    static final String CHANNELS = "channels";

    private final MapState<String, byte[]> channels;

    /** {@link RowNote} by integration and remote key of a row fanned out over. */
    private final MapState<String, byte[]> rows;

    /** {@link OwnerNote} by the owner's key. */
    static final String OWNERS = "owners";

    private final MapState<String, byte[]> owners;

    private final MapState<String, byte[]> amendments;

    /** Credentials that were refused, and until when they are not tried. */
    private final MapState<String, Long> refused;

    BackfillState(KeyedStateStore store) {
        orders = store.getMapState(bytes(ORDERS));
        runs = store.getMapState(bytes(RUNS));
        integrations = store.getMapState(bytes(INTEGRATIONS));
        note =
                store.getState(
                        new ValueStateDescriptor<>(
                                "account", PrimitiveArrayTypeInfo.BYTE_PRIMITIVE_ARRAY_TYPE_INFO));
        listed = store.getMapState(bytes("listed"));
        channels = store.getMapState(bytes(CHANNELS));
        rows = store.getMapState(bytes("rows"));
        owners = store.getMapState(bytes(OWNERS));
        amendments = store.getMapState(bytes("amendments"));
        refused = store.getMapState(new MapStateDescriptor<>("refused", Types.STRING, Types.LONG));
        seen = store.getMapState(new MapStateDescriptor<>("seen", Types.STRING, Types.BOOLEAN));
    }

    private static MapStateDescriptor<String, byte[]> bytes(String name) {
        return new MapStateDescriptor<>(
                name, Types.STRING, PrimitiveArrayTypeInfo.BYTE_PRIMITIVE_ARRAY_TYPE_INFO);
    }

    /** The account of the current key. */
    Account read(String key) throws Exception {
        Account account = new Account(key);
        for (Map.Entry<String, byte[]> entry : orders.entries()) {
            account.orders.put(entry.getKey(), Json.read(entry.getValue(), OrderState.class));
        }
        for (Map.Entry<String, byte[]> entry : runs.entries()) {
            account.runs.put(entry.getKey(), Json.read(entry.getValue(), RunState.class));
        }
        for (Map.Entry<String, byte[]> entry : integrations.entries()) {
            account.integrations.put(
                    entry.getKey(), Json.read(entry.getValue(), IntegrationNote.class));
        }
        for (Map.Entry<String, byte[]> entry : channels.entries()) {
            account.channels.put(entry.getKey(), Json.read(entry.getValue(), ChannelNote.class));
        }
        for (Map.Entry<String, byte[]> entry : owners.entries()) {
            account.owners.put(entry.getKey(), Json.read(entry.getValue(), OwnerNote.class));
        }
        for (Map.Entry<String, byte[]> entry : amendments.entries()) {
            account.amendments.put(entry.getKey(), Json.read(entry.getValue(), Amendment.class));
        }
        byte[] stored = note.value();
        account.note = stored == null ? AccountNote.NEW : Json.read(stored, AccountNote.class);
        return account;
    }

    void put(String key, ChannelNote value) throws Exception {
        channels.put(key, Json.bytes(value));
    }

    void removeChannel(String key) throws Exception {
        channels.remove(key);
    }

    void put(String owner, OwnerNote value) throws Exception {
        owners.put(owner, Json.bytes(value));
    }

    void put(Amendment value) throws Exception {
        amendments.put(value.id(), Json.bytes(value));
    }

    void remove(Amendment value) throws Exception {
        amendments.remove(value.id());
    }

    /** Replaces every row that is listed for a later run. */
    void eachListed(UnaryOperator<ParentRow> change) throws Exception {
        for (Map.Entry<String, byte[]> entry : listed.entries()) {
            entry.setValue(Json.bytes(change.apply(Json.read(entry.getValue(), ParentRow.class))));
        }
    }

    void put(OrderState order) throws Exception {
        orders.put(order.id, Json.bytes(order));
    }

    void put(RunState run) throws Exception {
        runs.put(run.id, Json.bytes(run));
    }

    void put(String integration, IntegrationNote value) throws Exception {
        integrations.put(integration, Json.bytes(value));
    }

    void put(AccountNote value) throws IOException {
        note.update(Json.bytes(value));
    }

    void remove(OrderState order) throws Exception {
        orders.remove(order.id);
    }

    /** Removes a run with all that was kept for it. */
    void remove(RunState run) throws Exception {
        runs.remove(run.id);
        forget(listed.keys().iterator(), run.id);
        forget(seen.keys().iterator(), run.id);
    }

    private static void forget(Iterator<String> keys, String run) {
        while (keys.hasNext()) {
            if (keys.next().startsWith(run + "\n")) {
                keys.remove();
            }
        }
    }

    void list(String run, ParentRow parent) throws Exception {
        listed.put(run + "\n" + parent.key(), Json.bytes(parent));
    }

    /** The row is taken care of. */
    void unlist(String run, String parent) throws Exception {
        listed.remove(run + "\n" + parent);
    }

    /** Takes some rows away; empty when there are no more. */
    List<ParentRow> takeListed(String run, int most) throws Exception {
        List<ParentRow> taken = new ArrayList<>();
        Iterator<Map.Entry<String, byte[]>> entries = listed.iterator();
        while (entries.hasNext() && taken.size() < most) {
            Map.Entry<String, byte[]> entry = entries.next();
            if (entry.getKey().startsWith(run + "\n")) {
                taken.add(Json.read(entry.getValue(), ParentRow.class));
                entries.remove();
            }
        }
        return taken;
    }

    /** What is remembered of a row; null: nothing. */
    RowNote note(String integration, String row) throws Exception {
        byte[] stored = rows.get(integration + "\n" + row);
        return stored == null ? null : Json.read(stored, RowNote.class);
    }

    void put(String integration, String row, RowNote value) throws Exception {
        rows.put(integration + "\n" + row, Json.bytes(value));
    }

    /** Milliseconds since the epoch until which a credential is not tried; 0: it may be. */
    long refusedUntil(String credential) throws Exception {
        Long until = refused.get(credential);
        return until == null ? 0 : until;
    }

    void refuse(String credential, long untilMillis) throws Exception {
        refused.put(credential, untilMillis);
    }

    void see(String run, String key) throws Exception {
        seen.put(run + "\n" + key, true);
    }

    boolean isSeen(String run, String key) throws Exception {
        return seen.contains(run + "\n" + key);
    }
}

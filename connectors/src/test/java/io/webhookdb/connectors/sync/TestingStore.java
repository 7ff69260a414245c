package io.webhookdb.connectors.sync;

import java.util.HashMap;
import java.util.Map;

/** The rows of one lane in memory. */
final class TestingStore implements PendingChanges.Store {
    final Map<String, PendingRow> rows = new HashMap<>();
    final Map<Long, String> order = new HashMap<>();
    final Map<String, String> acknowledged = new HashMap<>();

    @Override
    public PendingRow row(String key) {
        return rows.get(key);
    }

    @Override
    public void row(String key, PendingRow row) {
        rows.put(key, row);
    }

    @Override
    public void removeRow(String key) {
        rows.remove(key);
    }

    @Override
    public String keyAt(long sequence) {
        return order.get(sequence);
    }

    @Override
    public void keyAt(long sequence, String key) {
        order.put(sequence, key);
    }

    @Override
    public void removeKeyAt(long sequence) {
        order.remove(sequence);
    }

    @Override
    public String acknowledged(String key) {
        return acknowledged.get(key);
    }

    @Override
    public void acknowledged(String key, String version) {
        acknowledged.put(key, version);
    }
}

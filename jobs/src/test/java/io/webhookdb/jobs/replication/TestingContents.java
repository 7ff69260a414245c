package io.webhookdb.jobs.replication;

import io.webhookdb.connectors.replica.SourcedRow;
import java.util.Map;

/** Contents in a map of the test's. */
record TestingContents(Map<String, SourcedRow> map) implements RowContest.Contents {
    @Override
    public SourcedRow get(String key) {
        return map.get(key);
    }

    @Override
    public void put(String key, SourcedRow row) {
        map.put(key, row);
    }

    @Override
    public void remove(String key) {
        map.remove(key);
    }

    @Override
    public boolean contains(String key) {
        return map.containsKey(key);
    }
}

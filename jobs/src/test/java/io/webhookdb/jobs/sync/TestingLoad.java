package io.webhookdb.jobs.sync;

import io.webhookdb.schemas.event.EventIds;
import io.webhookdb.schemas.row.PackedVersion;
import io.webhookdb.schemas.row.Version;
import io.webhookdb.schemas.row.Version.Rank;
import java.sql.Array;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** Many rows in a replica table, and changes of them at a steady pace, each tenth a delete. */
final class TestingLoad {
    private static final int BATCH = 100;
    private static final int LOAD_BATCH = 5_000;
    private static final long SECOND = 1_700_000_000L;
    private static final EventIds IDS = new EventIds();
    private static final String UPSERT =
            """
            INSERT INTO customers AS c (stripe_id, email, _version, _synced_at, _deleted_at, data)
            SELECT k, e, v, now(), CASE WHEN d THEN now() END, j::jsonb
            FROM unnest(?::text[], ?::text[], ?::bytea[], ?::boolean[], ?::text[])
                AS n (k, e, v, d, j)
            ON CONFLICT (stripe_id) DO UPDATE SET email = excluded.email,
                _version = excluded._version, _deleted_at = excluded._deleted_at,
                data = excluded.data
            RETURNING pk, stripe_id
            """;

    private final TestingSource source;
    private final int rows;
    private final Random random;
    private long second = SECOND;
    private volatile boolean ending;

    TestingLoad(TestingSource source, int rows, long seed) {
        this.source = source;
        this.rows = rows;
        this.random = new Random(seed);
    }

    private record Change(String key, Version version, String email) {}

    /** Rows that are there before anybody listens, every twentieth deleted. */
    void fill() throws Exception {
        try (Connection connection = source.connect("postgres")) {
            for (int from = 0; from < rows; from += LOAD_BATCH) {
                List<Change> batch = new ArrayList<>();
                for (int i = from; i < Math.min(rows, from + LOAD_BATCH); i++) {
                    batch.add(change("cus_" + i, i % 20 == 0 ? Rank.DELETE : Rank.PUSH));
                }
                commit(connection, batch);
            }
        }
    }

    /** Commits and announces so many changes a second until it is told to end. */
    void change(int perSecond) throws Exception {
        long pause = TimeUnit.SECONDS.toNanos(1) * BATCH / perSecond;
        try (Connection connection = source.connect("postgres")) {
            long next = System.nanoTime();
            while (!ending) {
                Set<String> keys = new HashSet<>();
                while (keys.size() < BATCH) {
                    // Some of them new.
                    keys.add("cus_" + random.nextInt(rows + rows / 10));
                }
                List<Change> batch = new ArrayList<>();
                for (String key : keys) {
                    batch.add(change(key, random.nextInt(10) == 0 ? Rank.DELETE : Rank.PUSH));
                }
                announce(connection, batch);
                next += pause;
                LockSupport.parkNanos(next - System.nanoTime());
            }
        }
    }

    void end() {
        ending = true;
    }

    private Change change(String key, Rank rank) {
        second++;
        return new Change(
                key, new Version(second * 1_000_000, rank, IDS.next()), second + "@example.com");
    }

    private void announce(Connection connection, List<Change> batch) throws Exception {
        Map<String, Long> pks = commit(connection, batch);
        for (Change change : batch) {
            source.announceSoon(
                    change.key(), pks.get(change.key()), change.version(), change.email());
        }
    }

    private static Map<String, Long> commit(Connection connection, List<Change> batch)
            throws Exception {
        Map<String, Long> pks = new HashMap<>();
        try (PreparedStatement statement = connection.prepareStatement(UPSERT)) {
            Array keys = array(connection, "text", batch.stream().map(Change::key).toArray());
            statement.setArray(1, keys);
            statement.setArray(
                    2, array(connection, "text", batch.stream().map(Change::email).toArray()));
            statement.setArray(
                    3,
                    array(
                            connection,
                            "bytea",
                            batch.stream()
                                    .map(change -> packed(change.version()))
                                    .toArray(byte[][]::new)));
            statement.setArray(
                    4,
                    array(
                            connection,
                            "boolean",
                            batch.stream()
                                    .map(change -> change.version().rank() == Rank.DELETE)
                                    .toArray()));
            statement.setArray(
                    5,
                    array(
                            connection,
                            "text",
                            batch.stream()
                                    .map(each -> TestingSource.data(each.key(), each.email()))
                                    .toArray()));
            try (ResultSet result = statement.executeQuery()) {
                while (result.next()) {
                    pks.put(result.getString(2), result.getLong(1));
                }
            }
        }
        return pks;
    }

    private static byte[] packed(Version version) {
        return new PackedVersion(version, new byte[16], version.eventId(), version.eventId())
                .bytes();
    }

    private static Array array(Connection connection, String type, Object[] values)
            throws Exception {
        return connection.createArrayOf(type, values);
    }
}

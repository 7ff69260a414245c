package io.webhookdb.connectors.replica;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.webhookdb.connectors.copy.CopyBytes;
import io.webhookdb.schemas.catalog.ServiceDefinition;
import io.webhookdb.schemas.control.IntegrationControl.Deletion;
import io.webhookdb.schemas.row.PackedVersion;
import io.webhookdb.schemas.row.RowUpdate;
import io.webhookdb.schemas.row.RowUpdate.Operation;
import io.webhookdb.schemas.row.Version;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Properties;
import java.util.Set;
import org.postgresql.Driver;

/**
 * One open connection to a replication database. Used by one thread at a time. Blocks; never on a
 * task thread.
 */
final class ReplicaConnection implements AutoCloseable {
    /** Fewer rows cost less as parameters: a stage is one more question to the server. */
    private static final int LEAST_STAGED = 100;

    /**
     * A session of the server remembers each table it ever touched, its indexes included, and
     * forgets none: sessions that had written to thousands had 300 MB of their own.
     */
    private static final int MOST_TABLES = 1000;

    /** One for all: each reads its defaults from the class path before its first login. */
    private static final Driver DRIVER = new Driver();

    private final ReplicaTarget target;
    private final Connection connection;
    private final int serverMajor;
    private final Stages stages;
    private final Set<String> tables = new HashSet<>();

    private ReplicaConnection(ReplicaTarget target, Connection connection) throws SQLException {
        this.target = target;
        this.connection = connection;
        this.serverMajor = connection.getMetaData().getDatabaseMajorVersion();
        this.stages = new Stages(connection);
    }

    /**
     * Connects and sets the session's limits and forms.
     *
     * @throws SQLException if the database cannot be reached or refuses the login
     */
    static ReplicaConnection open(
            ReplicaTarget target, ConnectionTimeouts timeouts, CustomerServers customers)
            throws SQLException {
        Properties properties = target.properties(timeouts);
        customers.judge(target, properties);
        Connection connection = DRIVER.connect(target.url(), properties);
        try {
            try (Statement statement = connection.createStatement()) {
                statement.execute(
                        "SET statement_timeout = %d; SET lock_timeout = %d; SET TimeZone = 'UTC'; SET DateStyle = 'ISO'"
                                .formatted(
                                        timeouts.statement().toMillis(),
                                        timeouts.lock().toMillis()));
            }
            connection.setNetworkTimeout(Runnable::run, (int) timeouts.socket().toMillis());
            connection.setAutoCommit(false);
            return new ReplicaConnection(target, connection);
        } catch (SQLException e) {
            connection.close();
            throw e;
        }
    }

    /**
     * How many connections its server takes in all.
     *
     * @throws SQLException if it does not say
     */
    int mostOfServer() throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet result =
                        statement.executeQuery("SELECT current_setting('max_connections')::int")) {
            result.next();
            int most = result.getInt(1);
            connection.commit();
            return most;
        }
    }

    ReplicaTarget target() {
        return target;
    }

    /**
     * Writes the rows in one transaction.
     *
     * @param deletion what becomes of deleted rows
     * @param rows distinct keys, all of one definition
     * @return the rows written, each with its index in {@code rows}; a missing one was stale
     * @throws SQLException if nothing was written
     */
    List<StoredRow> write(
            ServiceDefinition service,
            String schema,
            String table,
            Deletion deletion,
            List<RowUpdate> rows)
            throws SQLException {
        Table into = new Table(service, schema, table);
        tables.add(table);
        List<Part> parts = parts(deletion, rows);
        // One statement is a transaction by itself, and one trip to the server instead of two.
        boolean alone = parts.size() == 1 && rows.size() < LEAST_STAGED;
        List<StoredRow> stored = new ArrayList<>(rows.size());
        try {
            connection.setAutoCommit(alone);
            for (Part part : parts) {
                stored.addAll(run(into, rows, part));
            }
            if (!alone) {
                connection.commit();
            }
            return stored;
        } catch (SQLException | RuntimeException e) {
            if (!alone) {
                rollBack(e);
            }
            throw e;
        }
    }

    /** Statements that the rows need, in their order. */
    private static List<Part> parts(Deletion deletion, List<RowUpdate> rows) {
        List<Part> all =
                switch (deletion) {
                    case TOMBSTONE -> List.of(Part.WITH_RESOURCE, Part.KEY_ONLY);
                    case HARD -> List.of(Part.ALIVE, Part.DEAD);
                };
        return all.stream().filter(part -> rows.stream().anyMatch(part::has)).toList();
    }

    private record Table(ServiceDefinition service, String schema, String name) {}

    private enum Part {
        WITH_RESOURCE(EnumSet.of(Operation.UPSERT, Operation.DELETE)),
        KEY_ONLY(EnumSet.of(Operation.DELETE_BY_KEY)),
        ALIVE(EnumSet.of(Operation.UPSERT)),
        DEAD(EnumSet.of(Operation.DELETE, Operation.DELETE_BY_KEY));

        private final Set<Operation> operations;

        Part(Set<Operation> operations) {
            this.operations = operations;
        }

        boolean has(RowUpdate row) {
            return operations.contains(row.operation());
        }
    }

    private List<StoredRow> run(Table into, List<RowUpdate> rows, Part part) throws SQLException {
        int[] places = part(rows, part);
        byte[][] versions = new byte[places.length][];
        for (int i = 0; i < places.length; i++) {
            versions[i] = packed(rows.get(places[i]));
        }
        String stage = staged(into.service(), rows, places, versions, part);
        RowColumns columns =
                part == Part.WITH_RESOURCE || part == Part.ALIVE
                        ? RowColumns.differing(into.service(), rows, places)
                        : RowColumns.all(into.service());
        UpsertSql sql = new UpsertSql(columns, into.schema(), into.name(), serverMajor, stage);
        String text =
                switch (part) {
                    case WITH_RESOURCE -> sql.upsert();
                    case KEY_ONLY -> sql.deleteByKey();
                    case ALIVE -> sql.upsertUnlessGone();
                    case DEAD -> sql.deleteForGood();
                };
        try (PreparedStatement statement = connection.prepareStatement(text)) {
            if (part == Part.DEAD) {
                bindDead(statement, rows, places, versions);
            } else if (stage == null) {
                bind(statement, into.service(), rows, places, versions);
            }
            try (ResultSet result = statement.executeQuery()) {
                return new WrittenRows(columns, rows, places).read(result);
            }
        }
    }

    /** The stage the rows now are in; null if they have to be parameters. */
    private String staged(
            ServiceDefinition service,
            List<RowUpdate> rows,
            int[] places,
            byte[][] versions,
            Part part)
            throws SQLException {
        if (places.length < LEAST_STAGED || part == Part.KEY_ONLY || part == Part.DEAD) {
            return null;
        }
        String stage = stages.of(rows.get(places[0]).definition(), service);
        CopyBytes encoded =
                stage == null ? null : new StagedRows(service).encoded(rows, places, versions);
        if (encoded == null) {
            return null;
        }
        stages.copy(stage, encoded);
        return stage;
    }

    private static int[] part(List<RowUpdate> rows, Part part) {
        int[] places = new int[rows.size()];
        int count = 0;
        for (int i = 0; i < places.length; i++) {
            if (part.has(rows.get(i))) {
                places[count++] = i;
            }
        }
        return java.util.Arrays.copyOf(places, count);
    }

    private void bind(
            PreparedStatement statement,
            ServiceDefinition service,
            List<RowUpdate> rows,
            int[] places,
            byte[][] versions)
            throws SQLException {
        int columns = service.columns().size();
        String[] keys = new String[places.length];
        String[][] cells = new String[columns][places.length];
        String[] deletedAt = new String[places.length];
        String[] data = new String[places.length];
        for (int i = 0; i < places.length; i++) {
            RowUpdate row = rows.get(places[i]);
            keys[i] = row.key();
            for (int c = 0; c < columns; c++) {
                cells[c][i] = row.cells()[c];
            }
            deletedAt[i] = row.operation() == Operation.UPSERT ? null : deletedAt(row);
            data[i] = new String(row.data(), UTF_8);
        }
        int parameter = 1;
        statement.setArray(parameter++, connection.createArrayOf("text", keys));
        for (String[] column : cells) {
            statement.setArray(parameter++, connection.createArrayOf("text", column));
        }
        statement.setArray(parameter++, connection.createArrayOf("bytea", versions));
        statement.setArray(parameter++, connection.createArrayOf("text", deletedAt));
        statement.setArray(parameter, connection.createArrayOf("text", data));
    }

    private void bindDead(
            PreparedStatement statement, List<RowUpdate> rows, int[] places, byte[][] versions)
            throws SQLException {
        String[] keys = new String[places.length];
        String[] deletedAt = new String[places.length];
        for (int i = 0; i < places.length; i++) {
            RowUpdate row = rows.get(places[i]);
            keys[i] = row.key();
            deletedAt[i] = deletedAt(row);
        }
        statement.setArray(1, connection.createArrayOf("text", keys));
        statement.setArray(2, connection.createArrayOf("bytea", versions));
        statement.setArray(3, connection.createArrayOf("text", deletedAt));
    }

    private static byte[] packed(RowUpdate row) {
        Version version = row.version();
        return new PackedVersion(version, row.contentHash(), version.eventId(), version.eventId())
                .bytes();
    }

    private static String deletedAt(RowUpdate row) {
        return Instant.EPOCH.plus(row.version().timeMicros(), ChronoUnit.MICROS).toString();
    }

    private void rollBack(Exception cause) {
        try {
            connection.rollback();
        } catch (SQLException e) {
            cause.addSuppressed(e);
        }
    }

    /** Whether its session has come to remember so much that a new one takes less. */
    boolean isWorn() {
        return tables.size() >= MOST_TABLES;
    }

    /** Whether the driver still considers it open. */
    boolean isUsable() {
        try {
            return !connection.isClosed();
        } catch (SQLException e) {
            return false;
        }
    }

    @Override
    public void close() {
        try {
            connection.close();
        } catch (SQLException e) {
            // The server is gone or going; either way the connection is.
            return;
        }
    }
}

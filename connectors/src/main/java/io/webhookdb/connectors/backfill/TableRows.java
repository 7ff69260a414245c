package io.webhookdb.connectors.backfill;

import static io.webhookdb.schemas.row.TableSql.qualified;
import static io.webhookdb.schemas.row.TableSql.quoted;

import com.fasterxml.jackson.databind.JsonNode;
import io.webhookdb.connectors.sync.OrganizationSessions;
import io.webhookdb.schemas.catalog.ServiceDefinition;
import io.webhookdb.schemas.control.IntegrationControl;
import io.webhookdb.schemas.control.OrganizationControl;
import io.webhookdb.schemas.row.Version;
import java.io.IOException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Reads living rows of replica tables, read-only. Blocks; never on a task thread. */
final class TableRows {
    private final TableConnections connections;

    TableRows(OrganizationSessions sessions) {
        this.connections = new TableConnections(sessions);
    }

    /** A row. */
    record Row(String key, JsonNode data, Instant syncedAt) {}

    /**
     * Rows in order of primary key.
     *
     * @param lastPk where the next reading begins
     * @param isLast whether nothing follows
     */
    record Read(List<Row> rows, long lastPk, boolean isLast) {}

    /**
     * What to read.
     *
     * @param since only rows written since; null: all
     * @param due only rows that are due; null: all
     */
    record Table(
            OrganizationControl organization,
            IntegrationControl integration,
            ServiceDefinition service,
            Instant since,
            Due due) {

        Table(
                OrganizationControl organization,
                IntegrationControl integration,
                ServiceDefinition service,
                Instant since) {
            this(organization, integration, service, since, null);
        }
    }

    /** Only rows without a time in that column, or with one before. */
    record Due(String column, Instant before) {}

    /** The next living rows after a primary key. */
    Read next(Table table, long afterPk, int most) throws ApiException {
        String sql =
                "SELECT r.pk, r."
                        + quoted(table.service().key().column())
                        + "::text, r.data::text, r._synced_at FROM "
                        + name(table)
                        + " r WHERE r.pk > ? AND r._deleted_at IS NULL"
                        + (table.since() == null ? "" : " AND r._synced_at >= ?")
                        + (table.due() == null ? "" : due(table.due().column()))
                        + " ORDER BY r.pk LIMIT "
                        + most;
        try (Connection connection = connections.open(table.organization());
                PreparedStatement statement = connection.prepareStatement(sql)) {
            int parameter = 1;
            statement.setLong(parameter++, afterPk);
            if (table.since() != null) {
                statement.setTimestamp(parameter++, Timestamp.from(table.since()));
            }
            if (table.due() != null) {
                statement.setTimestamp(parameter, Timestamp.from(table.due().before()));
            }
            return read(statement, afterPk, most);
        } catch (SQLException | IOException e) {
            throw failure(table, e);
        }
    }

    private static Read read(PreparedStatement statement, long afterPk, int most)
            throws SQLException, IOException {
        List<Row> rows = new ArrayList<>();
        long last = afterPk;
        try (ResultSet result = statement.executeQuery()) {
            while (result.next()) {
                last = result.getLong(1);
                rows.add(
                        new Row(
                                result.getString(2),
                                Json.MAPPER.readTree(result.getString(3)),
                                result.getTimestamp(4).toInstant()));
            }
        }
        return new Read(rows, last, rows.size() < most);
    }

    private static String due(String column) {
        return " AND (r." + quoted(column) + " IS NULL OR r." + quoted(column) + " < ?)";
    }

    /** The living rows with this text in one column. */
    List<Row> of(Table table, String column, String equals) throws ApiException {
        return rows(
                table,
                "SELECT r."
                        + quoted(table.service().key().column())
                        + "::text, r.data::text, r._synced_at FROM "
                        + name(table)
                        + " r WHERE r."
                        + quoted(column)
                        + " = ? AND r._deleted_at IS NULL",
                statement -> statement.setString(1, equals));
    }

    /** The next living rows with this text in one column, after a primary key. */
    Read having(Table table, String column, String equals, long afterPk, int most)
            throws ApiException {
        String sql =
                "SELECT r.pk, r."
                        + quoted(table.service().key().column())
                        + "::text, r.data::text, r._synced_at FROM "
                        + name(table)
                        + " r WHERE r.pk > ? AND r."
                        + quoted(column)
                        + " = ? AND r._deleted_at IS NULL ORDER BY r.pk LIMIT "
                        + most;
        try (Connection connection = connections.open(table.organization());
                PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setLong(1, afterPk);
            statement.setString(2, equals);
            return read(statement, afterPk, most);
        } catch (SQLException | IOException e) {
            throw failure(table, e);
        }
    }

    /**
     * What a living row holds.
     *
     * @param versionMicros its version time, microseconds since the epoch
     */
    record Held(JsonNode data, long versionMicros) {}

    /** A living row; empty if there is none. */
    Optional<Held> held(Table table, String key) throws ApiException {
        String sql =
                "SELECT r.data::text, r._version FROM "
                        + name(table)
                        + " r WHERE r."
                        + quoted(table.service().key().column())
                        + "::text = ? AND r._deleted_at IS NULL";
        try (Connection connection = connections.open(table.organization());
                PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setString(1, key);
            try (ResultSet row = statement.executeQuery()) {
                return row.next()
                        ? Optional.of(
                                new Held(
                                        Json.MAPPER.readTree(row.getString(1)),
                                        Version.ofBytes(row.getBytes(2)).timeMicros()))
                        : Optional.empty();
            }
        } catch (SQLException | IOException e) {
            throw failure(table, e);
        }
    }

    /** The rows deleted since. */
    List<Row> deleted(Table table, Instant since) throws ApiException {
        return rows(
                table,
                "SELECT r."
                        + quoted(table.service().key().column())
                        + "::text, r.data::text, r._synced_at FROM "
                        + name(table)
                        + " r WHERE r._synced_at >= ? AND r._deleted_at IS NOT NULL",
                statement -> statement.setTimestamp(1, Timestamp.from(since)));
    }

    private interface Binding {
        void to(PreparedStatement statement) throws SQLException;
    }

    private List<Row> rows(Table table, String sql, Binding binding) throws ApiException {
        try (Connection connection = connections.open(table.organization());
                PreparedStatement statement = connection.prepareStatement(sql)) {
            binding.to(statement);
            List<Row> rows = new ArrayList<>();
            try (ResultSet result = statement.executeQuery()) {
                while (result.next()) {
                    rows.add(
                            new Row(
                                    result.getString(1),
                                    Json.MAPPER.readTree(result.getString(2)),
                                    result.getTimestamp(3).toInstant()));
                }
            }
            return rows;
        } catch (SQLException | IOException e) {
            throw failure(table, e);
        }
    }

    /** Texts of one column of living rows, by remote key; rows without one are left out. */
    Map<String, String> column(Table table, String column, Collection<String> keys)
            throws ApiException {
        String key = "r." + quoted(table.service().key().column()) + "::text";
        String sql =
                "SELECT "
                        + key
                        + ", r."
                        + quoted(column)
                        + "::text FROM "
                        + name(table)
                        + " r WHERE "
                        + key
                        + " = ANY(?) AND r."
                        + quoted(column)
                        + " IS NOT NULL AND r._deleted_at IS NULL";
        try (Connection connection = connections.open(table.organization());
                PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setArray(1, connection.createArrayOf("text", keys.toArray()));
            Map<String, String> found = new HashMap<>();
            try (ResultSet result = statement.executeQuery()) {
                while (result.next()) {
                    found.put(result.getString(1), result.getString(2));
                }
            }
            return found;
        } catch (SQLException e) {
            throw failure(table, e);
        }
    }

    /** Distinct texts at one member of the rows that have this text at another. */
    List<String> values(Table table, String[] wanted, String member, String equals)
            throws ApiException {
        String sql =
                "SELECT DISTINCT r.data #>> ? FROM "
                        + name(table)
                        + " r WHERE r.data ->> ? = ? AND r._deleted_at IS NULL";
        try (Connection connection = connections.open(table.organization());
                PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setArray(1, connection.createArrayOf("text", wanted));
            statement.setString(2, member);
            statement.setString(3, equals);
            List<String> values = new ArrayList<>();
            try (ResultSet result = statement.executeQuery()) {
                while (result.next()) {
                    values.add(result.getString(1));
                }
            }
            return values;
        } catch (SQLException e) {
            throw failure(table, e);
        }
    }

    private static String name(Table table) {
        return qualified(table.organization().database().schema(), table.integration().table());
    }

    private static ApiException failure(Table table, Exception e) {
        String state = e instanceof SQLException sql ? sql.getSQLState() : null;
        return new ApiException(
                ApiFailure.TRANSIENT,
                "The table "
                        + table.integration().table()
                        + " cannot be read now: SQL state "
                        + state
                        + ".",
                null,
                e);
    }
}

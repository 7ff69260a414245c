package io.webhookdb.connectors.sync;

import static io.webhookdb.schemas.row.TableSql.qualified;
import static io.webhookdb.schemas.row.TableSql.quoted;

import io.webhookdb.schemas.catalog.ServiceDefinition;
import io.webhookdb.schemas.control.OrganizationControl;
import io.webhookdb.schemas.row.Version;
import io.webhookdb.security.keyset.SecretOpener;
import io.webhookdb.security.outbound.OutboundPolicy;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.StringJoiner;

/** Reads rows of replica tables, tombstones included. Blocks; never on a task thread. */
final class ReplicaPages {
    private static final String VERSION = "substring(r._version from 1 for " + Version.LENGTH + ")";

    private final OrganizationSessions sessions;

    /**
     * A page of a table.
     *
     * @param rows in order of primary key
     * @param lastPk primary key of the last one, or where the reading began if there is none
     * @param isLast whether nothing follows
     */
    record Read(List<SyncRow> rows, long lastPk, boolean isLast) {}

    /**
     * What to read.
     *
     * @param organization whose database
     * @param table which table
     */
    record Source(OrganizationControl organization, SyncTable table) {}

    /**
     * @param outbound which of the customers' own servers may be called
     */
    ReplicaPages(SecretOpener opener, OutboundPolicy outbound) {
        this.sessions = new OrganizationSessions(opener, outbound);
    }

    /**
     * The next rows of one shard, see {@link ReplicaReader#next}. The caller ends the transaction.
     */
    static Read next(
            Connection connection,
            Source source,
            long after,
            int shard,
            int shards,
            int mostRows,
            long mostBytes)
            throws SQLException {
        // COPY takes no parameters. These are numbers.
        String sql =
                select(source, VERSION)
                        + " WHERE r.pk > "
                        + after
                        + (shards == 1 ? "" : " AND mod(r.pk, " + shards + ") = " + shard)
                        + " ORDER BY r.pk LIMIT "
                        + mostRows;
        List<SyncRow> rows = CopiedRows.read(connection, sql, mostBytes);
        long weight = rows.stream().mapToLong(SyncRow::weight).sum();
        return new Read(
                rows,
                rows.isEmpty() ? after : rows.get(rows.size() - 1).pk(),
                rows.size() < mostRows && weight < mostBytes);
    }

    /** These rows as they are now, without those that are gone. */
    List<SyncRow> byKey(Source source, List<String> keys) throws SyncException {
        ServiceDefinition service = source.table().service();
        String sql =
                select(source, "encode(" + VERSION + ", 'hex')")
                        + " WHERE r."
                        + quoted(service.key().column())
                        + " = ANY (?::text[]::"
                        + service.key().type().sql()
                        + "[])";
        try (Connection connection = sessions.open(source.organization());
                PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setArray(1, connection.createArrayOf("text", keys.toArray()));
            return read(statement);
        } catch (SQLException e) {
            throw PostgresSessions.failure(source.organization().database().toString(), e);
        }
    }

    private static List<SyncRow> read(PreparedStatement statement) throws SQLException {
        List<SyncRow> rows = new ArrayList<>();
        try (ResultSet result = statement.executeQuery()) {
            while (result.next()) {
                rows.add(
                        new SyncRow(
                                result.getString(2),
                                result.getLong(1),
                                result.getString(3),
                                result.getBoolean(4),
                                result.getBytes(5),
                                result.getBytes(6)));
            }
        }
        return rows;
    }

    /** A session with an organization's database; the caller closes it. */
    Connection open(OrganizationControl organization) throws SQLException, SyncException {
        return sessions.open(organization);
    }

    private static String select(Source source, String version) {
        ServiceDefinition service = source.table().service();
        StringJoiner columns = new StringJoiner(", ");
        columns.add("r." + quoted(service.key().column()));
        service.columns().forEach(column -> columns.add("r." + quoted(column.name())));
        return "SELECT r.pk, r."
                + quoted(service.key().column())
                + "::text, "
                + version
                + ", r._deleted_at IS NOT NULL, (SELECT row_to_json(x) FROM (SELECT "
                + columns
                + ") x)::text, r.data::text FROM "
                + qualified(source.organization().database().schema(), source.table().source())
                + " r";
    }
}

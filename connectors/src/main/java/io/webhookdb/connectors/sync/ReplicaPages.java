package io.webhookdb.connectors.sync;

import static io.webhookdb.schemas.row.TableSql.qualified;
import static io.webhookdb.schemas.row.TableSql.quoted;

import io.webhookdb.schemas.catalog.ServiceDefinition;
import io.webhookdb.schemas.control.OrganizationControl;
import io.webhookdb.schemas.control.OrganizationControl.Database.RunBy;
import io.webhookdb.schemas.row.Version;
import io.webhookdb.security.connection.PostgresUrl;
import io.webhookdb.security.connection.PostgresUrl.SslMode;
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
    private static final int FETCH = 100;

    private final SecretOpener opener;
    private final OutboundPolicy outbound;

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
        this.opener = opener;
        this.outbound = outbound;
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
        String sql =
                select(source)
                        + " WHERE r.pk > ?"
                        + (shards == 1 ? "" : " AND mod(r.pk, ?) = ?")
                        + " ORDER BY r.pk LIMIT "
                        + mostRows;
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setFetchSize(FETCH);
            statement.setLong(1, after);
            if (shards > 1) {
                statement.setLong(2, shards);
                statement.setLong(3, shard);
            }
            return read(statement, after, mostRows, mostBytes);
        }
    }

    /** These rows as they are now, without those that are gone. */
    List<SyncRow> byKey(Source source, List<String> keys) throws SyncException {
        ServiceDefinition service = source.table().service();
        String sql =
                select(source)
                        + " WHERE r."
                        + quoted(service.key().column())
                        + " = ANY (?::text[]::"
                        + service.key().type().sql()
                        + "[])";
        try (Connection connection = open(source.organization());
                PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setArray(1, connection.createArrayOf("text", keys.toArray()));
            return read(statement, 0, Integer.MAX_VALUE, Long.MAX_VALUE).rows();
        } catch (SQLException e) {
            throw PostgresSessions.failure(source.organization().database().toString(), e);
        }
    }

    private static Read read(PreparedStatement statement, long after, int mostRows, long mostBytes)
            throws SQLException {
        List<SyncRow> rows = new ArrayList<>();
        long weight = 0;
        long lastPk = after;
        try (ResultSet result = statement.executeQuery()) {
            while (result.next()) {
                SyncRow row =
                        new SyncRow(
                                result.getString(2),
                                result.getLong(1),
                                result.getString(3),
                                result.getBoolean(4),
                                result.getBytes(5),
                                result.getBytes(6));
                weight += row.weight();
                rows.add(row);
                lastPk = row.pk();
                if (weight >= mostBytes) {
                    return new Read(rows, lastPk, false);
                }
            }
        }
        return new Read(rows, lastPk, rows.size() < mostRows);
    }

    /** A session with an organization's database; the caller closes it. */
    Connection open(OrganizationControl organization) throws SQLException, SyncException {
        OrganizationControl.Database database = organization.database();
        PostgresUrl url =
                new PostgresUrl(
                        database.host(),
                        database.port(),
                        database.name(),
                        database.user(),
                        opener.open(
                                database.passwordCiphertext(),
                                OrganizationControl.ownerPasswordContext(organization.id())),
                        SslMode.orUnset(database.sslMode()));
        return database.runBy() == RunBy.CUSTOMER
                ? PostgresSessions.open(url, outbound)
                : PostgresSessions.open(url);
    }

    private static String select(Source source) {
        ServiceDefinition service = source.table().service();
        StringJoiner columns = new StringJoiner(", ");
        columns.add("r." + quoted(service.key().column()));
        service.columns().forEach(column -> columns.add("r." + quoted(column.name())));
        return "SELECT r.pk, r."
                + quoted(service.key().column())
                + "::text, encode(substring(r._version from 1 for "
                + Version.LENGTH
                + "), 'hex'), r._deleted_at IS NOT NULL, (SELECT row_to_json(x) FROM (SELECT "
                + columns
                + ") x)::text, r.data::text FROM "
                + qualified(source.organization().database().schema(), source.table().source())
                + " r";
    }
}

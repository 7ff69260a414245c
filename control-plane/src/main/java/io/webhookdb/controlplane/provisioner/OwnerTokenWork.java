package io.webhookdb.controlplane.provisioner;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.webhookdb.controlplane.provisioner.OrganizationRow.DatabaseRow;
import io.webhookdb.controlplane.provisioner.periodic.PeriodicTask;
import io.webhookdb.controlplane.provisioner.rotation.OwnerTokenLedger;
import io.webhookdb.controlplane.provisioner.rotation.OwnerTokenLedger.Keys;
import io.webhookdb.controlplane.provisioner.rotation.OwnerTokenLedger.Waiting;
import io.webhookdb.schemas.catalog.Column;
import io.webhookdb.schemas.catalog.Owners;
import io.webhookdb.schemas.catalog.ServiceDefinition;
import io.webhookdb.schemas.row.TableSql;
import io.webhookdb.security.keyset.KeyOf;
import io.webhookdb.security.keyset.KeysetFolder;
import io.webhookdb.security.keyset.SecretOpener;
import io.webhookdb.security.keyset.SecretSealer;
import io.webhookdb.security.keyset.SecretUnreadableException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jdbi.v3.core.Jdbi;

/**
 * Its part of a rotation: seals the credentials of owners, which lie in rows, with the new key.
 * Page by page, each noted, so that it goes on where it was ended; versions of rows stay as they
 * are, and a row that is written meanwhile is looked at again.
 */
final class OwnerTokenWork {
    private static final Duration PERIOD = Duration.ofSeconds(1);
    private static final int PAGE = 500;
    private static final JsonMapper MAPPER = new JsonMapper();

    private final Jdbi jdbi;
    private final ServerWork servers;
    private final SecretOpener opener;
    private final SecretSealer sealer;

    private OwnerTokenWork(ServerWork servers, KeysetFolder keysets) {
        this.jdbi = servers.jdbi();
        this.servers = servers;
        this.opener = keysets.connectionsOpener();
        this.sealer = keysets.connectionsSealer();
    }

    static PeriodicTask task(ServerWork servers, KeysetFolder keysets) {
        return new PeriodicTask("owner-tokens", PERIOD, new OwnerTokenWork(servers, keysets)::run);
    }

    /**
     * What of rows is sealed: by the member's name, under what.
     *
     * @param columns columns that have a member, too
     */
    private record Sealed(Map<String, String> contexts, Map<String, String> columns) {
        static Sealed of(ServiceDefinition service, String integration) {
            Map<String, String> contexts = new LinkedHashMap<>();
            for (Owners.Seal seal : service.owners().seal()) {
                contexts.put(seal.into(), Owners.context(integration, seal.member()));
            }
            contexts.put(Owners.CHANNEL_KEY, Owners.context(integration, Owners.CHANNEL_KEY));
            Map<String, String> columns = new LinkedHashMap<>();
            for (Column column : service.columns()) {
                if (contexts.containsKey(column.pointer().replaceFirst("^/", ""))) {
                    columns.put(column.pointer().substring(1), column.name());
                }
            }
            return new Sealed(contexts, columns);
        }
    }

    /** A row: values of the sealed columns by member, and its data. */
    private record Row(long pk, byte[] version, Map<String, String> cells, JsonNode data) {}

    private void run() {
        Optional<Keys> keys = jdbi.withHandle(OwnerTokenLedger::wanted);
        if (keys.isEmpty()) {
            return;
        }
        long key = keys.get().added();
        for (Waiting one : jdbi.withHandle(handle -> OwnerTokenLedger.waiting(handle, key))) {
            try {
                seal(one, keys.get());
            } catch (SQLException e) {
                jdbi.useTransaction(
                        handle ->
                                OwnerTokenLedger.failed(
                                        handle, one, key, "SQL state " + e.getSQLState()));
            }
        }
    }

    private void seal(Waiting one, Keys keys) throws SQLException {
        IntegrationRow integration =
                jdbi.withHandle(handle -> Ledger.integration(handle, one.id())).orElseThrow();
        OrganizationRow organization = integration.organization();
        if (jdbi.withHandle(handle -> MigrationLedger.running(handle, organization.id()))) {
            // What was copied already would not hear of it: versions and times of rows stay.
            jdbi.useTransaction(
                    handle ->
                            OwnerTokenLedger.failed(
                                    handle, one, keys.added(), "their database is moved"));
            return;
        }
        DatabaseRow database = organization.database().orElseThrow();
        ServiceDefinition service =
                jdbi.withHandle(handle -> Definitions.read(handle, integration.definitionHash()));
        Sealed sealed = Sealed.of(service, integration.opaqueId());
        String table = TableSql.qualified(database.schema(), integration.builtTable());
        try (Connection connection =
                AdminConnections.open(servers.owner(organization.id(), database))) {
            long after = one.afterPk();
            while (true) {
                List<Row> page = page(connection, table, sealed, after);
                int rewritten = 0;
                for (Row row : page) {
                    rewritten += seal(connection, table, sealed, row, keys);
                }
                if (page.isEmpty()) {
                    jdbi.useTransaction(handle -> OwnerTokenLedger.done(handle, one, keys.added()));
                    return;
                }
                after = page.get(page.size() - 1).pk();
                long upTo = after;
                int count = rewritten;
                jdbi.useTransaction(
                        handle ->
                                OwnerTokenLedger.advanced(handle, one, keys.added(), upTo, count));
            }
        }
    }

    private static List<Row> page(Connection connection, String table, Sealed sealed, long after)
            throws SQLException {
        StringBuilder sql = new StringBuilder("SELECT pk, _version, data::text");
        sealed.columns().values().forEach(name -> sql.append(", ").append(TableSql.quoted(name)));
        sql.append(" FROM ").append(table).append(" WHERE pk > ? ORDER BY pk LIMIT ").append(PAGE);
        List<Row> rows = new ArrayList<>();
        try (PreparedStatement statement = connection.prepareStatement(sql.toString())) {
            statement.setLong(1, after);
            try (ResultSet row = statement.executeQuery()) {
                while (row.next()) {
                    Map<String, String> cells = new LinkedHashMap<>();
                    for (Map.Entry<String, String> column : sealed.columns().entrySet()) {
                        cells.put(column.getKey(), row.getString(column.getValue()));
                    }
                    rows.add(
                            new Row(
                                    row.getLong(1),
                                    row.getBytes(2),
                                    cells,
                                    MAPPER.readTree(row.getString(3))));
                }
            }
        } catch (JsonProcessingException e) {
            throw new SQLException("No JSON in " + table, "22P02", e);
        }
        return rows;
    }

    /**
     * @return how many secrets of the row were rewritten
     */
    private int seal(Connection connection, String table, Sealed sealed, Row row, Keys keys)
            throws SQLException {
        Map<String, String> cells = new LinkedHashMap<>();
        ObjectNode members = MAPPER.createObjectNode();
        sealed.contexts()
                .forEach(
                        (member, context) -> {
                            moved(row.cells().get(member), context, keys)
                                    .ifPresent(text -> cells.put(member, text));
                            moved(row.data().path(member).textValue(), context, keys)
                                    .ifPresent(text -> members.put(member, text));
                        });
        if (cells.isEmpty() && members.isEmpty()) {
            return 0;
        }
        StringBuilder sql =
                new StringBuilder("UPDATE ").append(table).append(" SET data = data || ?::jsonb");
        cells.keySet()
                .forEach(
                        member ->
                                sql.append(", ")
                                        .append(TableSql.quoted(sealed.columns().get(member)))
                                        .append(" = ?"));
        sql.append(" WHERE pk = ? AND _version = ?");
        try (PreparedStatement statement = connection.prepareStatement(sql.toString())) {
            int parameter = 1;
            statement.setString(parameter++, members.toString());
            for (String text : cells.values()) {
                statement.setString(parameter++, text);
            }
            statement.setLong(parameter++, row.pk());
            statement.setBytes(parameter, row.version());
            if (statement.executeUpdate() == 0) {
                return again(connection, table, sealed, row, keys);
            }
        }
        return cells.size() + members.size();
    }

    /** What was written meanwhile may have been sealed before the new key. */
    private int again(Connection connection, String table, Sealed sealed, Row row, Keys keys)
            throws SQLException {
        List<Row> now = page(connection, table, sealed, row.pk() - 1);
        return now.isEmpty() || now.get(0).pk() != row.pk()
                ? 0
                : seal(connection, table, sealed, now.get(0), keys);
    }

    /** The same secret under the new key; empty if it is that already, or none of ours. */
    private Optional<String> moved(String ciphertext, String context, Keys keys) {
        try {
            return ciphertext == null || !keys.retired().contains(KeyOf.ciphertext(ciphertext))
                    ? Optional.empty()
                    : Optional.of(sealer.seal(opener.open(ciphertext, context), context));
        } catch (SecretUnreadableException | IllegalArgumentException e) {
            // Nobody could use it, whatever key it is under.
            return Optional.empty();
        }
    }
}

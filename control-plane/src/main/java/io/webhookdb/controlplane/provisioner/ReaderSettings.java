package io.webhookdb.controlplane.provisioner;

import static io.webhookdb.schemas.row.TableSql.quoted;

import java.sql.Array;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Lasting settings of readers. A role may always change its own, in ways that no grant prevents
 * (PostgreSQL manual, ALTER ROLE), so what was changed is set right again.
 */
final class ReaderSettings {
    private static final Logger LOG = LoggerFactory.getLogger(ReaderSettings.class);

    /** Set by others than the reader, or harmless. */
    private static final Set<String> LEFT_ALONE = Set.of("search_path", "temp_file_limit");

    private static final String LASTING =
            "SELECT r.rolname, d.datname, s.setconfig FROM pg_catalog.pg_roles r LEFT JOIN"
                    + " pg_catalog.pg_db_role_setting s ON s.setrole = r.oid LEFT JOIN"
                    + " pg_catalog.pg_database d ON d.oid = s.setdatabase WHERE r.rolname ~ ? AND"
                    + " r.rolcanlogin";

    private ReaderSettings() {}

    /** Sets all readers of a server right. */
    static void restore(Connection connection, String server) throws SQLException {
        for (Lasting lasting : read(connection)) {
            List<String> statements = lasting.repairs();
            if (!statements.isEmpty()) {
                AdminConnections.execute(connection, statements);
                LOG.warn(
                        "Server {}: lasting settings of reader {} were changed and are as before",
                        server,
                        lasting.reader());
            }
        }
    }

    private static List<Lasting> read(Connection connection) throws SQLException {
        List<Lasting> all = new ArrayList<>();
        try (PreparedStatement statement = connection.prepareStatement(LASTING)) {
            statement.setString(1, TenantNames.READERS);
            try (ResultSet rows = statement.executeQuery()) {
                while (rows.next()) {
                    Array settings = rows.getArray(3);
                    all.add(
                            new Lasting(
                                    rows.getString(1),
                                    rows.getString(2),
                                    settings == null
                                            ? List.of()
                                            : Arrays.asList((String[]) settings.getArray())));
                }
            }
        }
        return all;
    }

    /**
     * What is set for a reader.
     *
     * @param database only there; null for everywhere
     * @param settings {@code name=value}
     */
    record Lasting(String reader, String database, List<String> settings) {
        /** Statements that undo what differs; none if all is as it should be. */
        List<String> repairs() {
            String alter = "ALTER ROLE " + quoted(reader) + " ";
            if (database != null) {
                return List.of(alter + "IN DATABASE " + quoted(database) + " RESET ALL");
            }
            Set<String> found = new TreeSet<>();
            List<String> repairs = new ArrayList<>();
            for (String setting : settings) {
                String name = setting.substring(0, setting.indexOf('='));
                if (LEFT_ALONE.contains(name)) {
                    continue;
                }
                found.add(setting);
                if (TenantSql.READER_SETTINGS.stream().noneMatch(s -> s.startsWith(name + "="))) {
                    repairs.add(alter + "RESET " + parameter(name));
                }
            }
            for (String wanted : TenantSql.READER_SETTINGS) {
                if (!found.contains(wanted)) {
                    repairs.add(TenantSql.set(reader, wanted));
                }
            }
            return repairs;
        }

        /** Extensions' parameters have a prefix with a dot. */
        private static String parameter(String name) {
            return String.join(
                    ".", Arrays.stream(name.split("\\.")).map(part -> quoted(part)).toList());
        }
    }
}

package io.webhookdb.connectors.replica;

import io.webhookdb.connectors.copy.CopyBytes;
import io.webhookdb.schemas.catalog.ServiceDefinition;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import org.postgresql.PGConnection;
import org.postgresql.copy.CopyIn;

/**
 * The stages of one session: one temporary table per definition, emptied by every commit, few at a
 * time. Where the role may not make temporary tables there are none.
 */
final class Stages {
    /** Each commit looks at every one. */
    private static final int MOST = 4;

    private final Connection connection;
    private final Map<String, String> names = new LinkedHashMap<>();
    private int made;
    private boolean refused;

    Stages(Connection connection) {
        this.connection = connection;
    }

    /**
     * The name of the stage for rows of that definition, quoted and qualified. To be called before
     * anything of the transaction, since it ends one.
     *
     * @param definition its hash
     * @return null if this session can have none
     * @throws SQLException if the connection is broken
     */
    String of(String definition, ServiceDefinition service) throws SQLException {
        String known = names.get(definition);
        return known != null || refused ? known : created(definition, service);
    }

    private String created(String definition, ServiceDefinition service) throws SQLException {
        String name = "pg_temp.webhookdb_stage_" + ++made;
        try (Statement statement = connection.createStatement()) {
            if (names.size() >= MOST) {
                Iterator<String> eldest = names.values().iterator();
                statement.execute("DROP TABLE IF EXISTS " + eldest.next());
                eldest.remove();
            }
            statement.execute(
                    "CREATE TEMPORARY TABLE "
                            + name
                            + " ("
                            + new StagedRows(service).columns()
                            + ") ON COMMIT DELETE ROWS");
            connection.commit();
        } catch (SQLException e) {
            if (connection.isClosed()) {
                throw e;
            }
            connection.rollback();
            names.clear();
            refused = true;
            return null;
        }
        names.put(definition, name);
        return name;
    }

    /** Copies rows into a stage. */
    void copy(String stage, CopyBytes rows) throws SQLException {
        CopyIn copy =
                connection
                        .unwrap(PGConnection.class)
                        .getCopyAPI()
                        .copyIn("COPY " + stage + " FROM STDIN (FORMAT binary)");
        try {
            copy.writeToCopy(rows.array(), 0, rows.length());
            copy.endCopy();
        } finally {
            if (copy.isActive()) {
                copy.cancelCopy();
            }
        }
    }
}

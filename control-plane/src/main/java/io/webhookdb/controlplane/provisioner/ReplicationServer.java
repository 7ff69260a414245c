package io.webhookdb.controlplane.provisioner;

import io.webhookdb.controlplane.provisioner.OrganizationRow.DatabaseRow;
import io.webhookdb.security.connection.PostgresUrl;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One Postgres server on which organizations have databases, through its administrator. Every
 * method may be repeated after it failed at any point. Used by one thread.
 */
final class ReplicationServer {
    private static final Logger LOG = LoggerFactory.getLogger(ReplicationServer.class);

    /** SQL state: a role still has rights somewhere. */
    private static final String DEPENDENT_OBJECTS = "2BP01";

    private final PostgresUrl admin;
    private final PostgresUrl application;
    private boolean prepared;

    /**
     * A server.
     *
     * @param admin its administrator
     * @param application the application database: closed to tenants if it is on this server
     */
    ReplicationServer(PostgresUrl admin, PostgresUrl application) {
        this.admin = admin;
        this.application = application;
    }

    /** Host and port. */
    String name() {
        return admin.server();
    }

    /** The URL of a role of this server. */
    PostgresUrl url(String database, String role, String password) {
        return admin.with(database, role, password);
    }

    /** Makes an organization's roles and database. */
    void create(DatabaseRow database, String ownerPassword, String readerPassword)
            throws SQLException {
        try (Connection connection = AdminConnections.open(admin)) {
            Rights rights = Rights.of(connection);
            prepare(connection, rights);
            role(connection, database.owner(), Verifier.forOwner(ownerPassword));
            role(connection, database.reader(), Verifier.forReader(readerPassword));
            List<String> statements = new ArrayList<>();
            statements.add(TenantSql.ownerAttributes(database.owner()));
            statements.addAll(readerStatements(database.reader(), database.schema(), rights));
            if (rights == Rights.CREATOR) {
                statements.add(TenantSql.grantMembership(database.owner(), admin.user()));
            }
            if (!databaseExists(connection, database.name())) {
                statements.add(
                        TenantSql.createDatabase(
                                database.name(),
                                database.isShared() ? admin.user() : database.owner()));
            }
            statements.addAll(TenantSql.searchPath(database.owner(), database.schema()));
            statements.addAll(TenantSql.openDatabase(database.name(), database.reader()));
            if (database.isShared()) {
                statements.add(TenantSql.grantConnect(database.name(), database.owner()));
            }
            AdminConnections.execute(connection, statements);
            close(database, rights);
        }
    }

    /** Makes one more reader of an organization's database. */
    void addReader(DatabaseRow database, String reader, String password) throws SQLException {
        try (Connection connection = AdminConnections.open(admin)) {
            Rights rights = Rights.of(connection);
            role(connection, reader, Verifier.forReader(password));
            List<String> statements =
                    new ArrayList<>(readerStatements(reader, database.schema(), rights));
            statements.add(TenantSql.grantConnect(database.name(), reader));
            AdminConnections.execute(connection, statements);
        }
        inside(database, TenantSql.openSchema(database.schema(), database.owner(), reader));
    }

    /** Ends a reader: its sessions, its rights and, where nothing hinders it, the role. */
    void endReader(DatabaseRow database, String reader) throws SQLException {
        try (Connection connection = AdminConnections.open(admin)) {
            if (!roleExists(connection, reader)) {
                return;
            }
            AdminConnections.execute(connection, List.of(TenantSql.endLogin(reader)));
            try (PreparedStatement terminate =
                    connection.prepareStatement(TenantSql.TERMINATE_SESSIONS)) {
                terminate.setString(1, reader);
                terminate.execute();
            }
            inside(database, TenantSql.closeSchema(database.schema(), database.owner(), reader));
            AdminConnections.execute(
                    connection, List.of(TenantSql.revokeConnect(database.name(), reader)));
            drop(connection, reader);
        }
    }

    private void drop(Connection connection, String reader) throws SQLException {
        try {
            AdminConnections.execute(connection, List.of(TenantSql.dropRole(reader)));
        } catch (SQLException e) {
            if (!DEPENDENT_OBJECTS.equals(e.getSQLState())) {
                throw e;
            }
            LOG.warn(
                    "Server {}: role {} has ended but stays, because something refers to it",
                    name(),
                    reader);
        }
    }

    private void inside(DatabaseRow database, List<String> statements) throws SQLException {
        PostgresUrl inside = admin.with(database.name(), admin.user(), admin.password());
        try (Connection connection = AdminConnections.open(inside)) {
            connection.setAutoCommit(false);
            AdminConnections.execute(connection, statements);
            connection.commit();
        }
    }

    private List<String> readerStatements(String reader, String schema, Rights rights) {
        List<String> statements = new ArrayList<>(TenantSql.readerAttributes(reader));
        statements.addAll(TenantSql.searchPath(reader, schema));
        if (rights == Rights.SUPERUSER) {
            statements.addAll(TenantSql.readerLimits(reader));
        } else {
            // Whose sessions one may see and end.
            statements.add(TenantSql.grantMembership(reader, admin.user()));
        }
        return statements;
    }

    /** Sets rights inside the database. Until then it holds nothing. */
    private void close(DatabaseRow database, Rights rights) throws SQLException {
        PostgresUrl inside = admin.with(database.name(), admin.user(), admin.password());
        try (Connection connection = AdminConnections.open(inside)) {
            connection.setAutoCommit(false);
            List<String> statements = new ArrayList<>();
            if (rights == Rights.SUPERUSER) {
                statements.addAll(TenantSql.closeCatalog());
                List<String> functions = texts(connection, TenantSql.DANGEROUS_FUNCTIONS);
                if (database.isShared()) {
                    statements.addAll(TenantSql.closeSharedCatalog());
                    functions.addAll(texts(connection, TenantSql.TELLING_FUNCTIONS));
                }
                if (!functions.isEmpty()) {
                    statements.add(TenantSql.revokeFunctions(functions));
                }
            }
            statements.addAll(
                    TenantSql.closeDatabase(
                            database.schema(), database.owner(), database.reader()));
            AdminConnections.execute(connection, statements);
            connection.commit();
        }
    }

    /** Closes the databases that are no tenant's, once per start, and says what stays open. */
    private void prepare(Connection connection, Rights rights) throws SQLException {
        if (prepared) {
            return;
        }
        if (rights == Rights.SUPERUSER) {
            closeForeign(connection);
        } else {
            LOG.warn(
                    "Server {}: {} is no superuser, so large objects and similar functions stay"
                            + " open to readers.",
                    name(),
                    admin.user());
        }
        for (String open : texts(connection, TenantSql.OPEN_DATABASES)) {
            LOG.warn(
                    "Server {}: tenants can connect to database \"{}\". Revoke CONNECT on it from"
                            + " PUBLIC.",
                    name(),
                    open);
        }
        prepared = true;
    }

    private void closeForeign(Connection connection) throws SQLException {
        Set<String> foreign =
                new LinkedHashSet<>(List.of("postgres", "template1", admin.database()));
        if (ServerIdentity.same(connection, application)) {
            foreign.add(application.database());
            AdminConnections.execute(
                    connection,
                    List.of(TenantSql.grantUse(application.database(), application.user())));
        }
        for (String database : foreign) {
            if (databaseExists(connection, database)) {
                AdminConnections.execute(
                        connection, List.of(TenantSql.closeForeignDatabase(database)));
            }
        }
    }

    /** The role, with what its password is verified by: statements may be logged by the server. */
    private static void role(Connection connection, String role, String verifier)
            throws SQLException {
        if (!roleExists(connection, role)) {
            AdminConnections.execute(connection, List.of(TenantSql.createRole(role)));
        }
        AdminConnections.execute(connection, List.of(TenantSql.verifier(role, verifier)));
    }

    private static boolean roleExists(Connection connection, String role) throws SQLException {
        return exists(connection, "SELECT 1 FROM pg_catalog.pg_roles WHERE rolname = ?", role);
    }

    private static boolean databaseExists(Connection connection, String database)
            throws SQLException {
        return exists(
                connection, "SELECT 1 FROM pg_catalog.pg_database WHERE datname = ?", database);
    }

    private static boolean exists(Connection connection, String sql, String name)
            throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setString(1, name);
            try (ResultSet row = statement.executeQuery()) {
                return row.next();
            }
        }
    }

    private static List<String> texts(Connection connection, String sql) throws SQLException {
        List<String> texts = new ArrayList<>();
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(sql)) {
            while (rows.next()) {
                texts.add(rows.getString(1));
            }
        }
        return texts;
    }

    /** What the administrator may do. */
    private enum Rights {
        SUPERUSER,
        CREATOR;

        static Rights of(Connection connection) throws SQLException {
            return texts(
                                    connection,
                                    "SELECT rolname FROM pg_catalog.pg_roles WHERE rolname ="
                                            + " current_user AND rolsuper")
                            .isEmpty()
                    ? CREATOR
                    : SUPERUSER;
        }
    }
}

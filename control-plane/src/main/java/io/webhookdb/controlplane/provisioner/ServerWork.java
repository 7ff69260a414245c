package io.webhookdb.controlplane.provisioner;

import io.webhookdb.controlplane.database.CustomerUrl;
import io.webhookdb.controlplane.database.ReadonlyUrl;
import io.webhookdb.controlplane.provisioner.OrganizationRow.DatabaseRow;
import io.webhookdb.controlplane.provisioner.WorkList.Listed;
import io.webhookdb.schemas.catalog.ServiceDefinition;
import io.webhookdb.schemas.control.OrganizationControl;
import io.webhookdb.schemas.control.OrganizationControl.Database.RunBy;
import io.webhookdb.security.connection.PostgresUrl;
import io.webhookdb.security.connection.PostgresUrl.SslMode;
import io.webhookdb.security.keyset.SecretCipher;
import io.webhookdb.security.keyset.SecretOpener;
import io.webhookdb.security.outbound.OutboundPolicy;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.jdbi.v3.core.Jdbi;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Work on replication servers; notes its outcome in the application database. */
final class ServerWork {
    private static final Logger LOG = LoggerFactory.getLogger(ServerWork.class);

    private final Jdbi jdbi;
    private final Map<String, ReplicationServer> servers;
    private final ServerLanes lanes;
    private final SecretCipher readers;
    private final SecretOpener connections;
    private final OutboundPolicy outbound;

    ServerWork(
            Jdbi jdbi,
            Map<String, ReplicationServer> servers,
            ServerLanes lanes,
            SecretCipher readers,
            SecretOpener connections,
            OutboundPolicy outbound) {
        this.jdbi = jdbi;
        this.servers = servers;
        this.lanes = lanes;
        this.readers = readers;
        this.connections = connections;
        this.outbound = outbound;
    }

    Jdbi jdbi() {
        return jdbi;
    }

    /** Something that may fail as servers do. */
    interface Step {
        void run() throws SQLException;
    }

    /** Makes an organization's database. */
    Runnable build(Listed listed, OrganizationRow organization) {
        DatabaseRow database = organization.database().orElseThrow();
        return noting(
                listed,
                database.server(),
                "organization " + organization.id() + ": database",
                () -> {
                    server(database)
                            .create(
                                    database,
                                    ownerPassword(organization.id(), database),
                                    readerPassword(
                                            organization.id(), database.readonlyUrlEncrypted()));
                    jdbi.useTransaction(handle -> Ledger.databaseReady(handle, organization.id()));
                });
    }

    /** Makes an integration's table. */
    Runnable build(Listed listed, IntegrationRow integration) {
        OrganizationRow organization = integration.organization();
        DatabaseRow database = organization.database().orElseThrow();
        return noting(
                listed,
                database.server(),
                "organization " + organization.id() + ": table of " + integration.opaqueId(),
                () -> {
                    ServiceDefinition definition =
                            jdbi.withHandle(
                                    handle ->
                                            Definitions.read(handle, integration.definitionHash()));
                    String table = tableFor(integration, definition);
                    jdbi.useTransaction(
                            handle -> Ledger.tableReady(handle, integration.id(), table));
                });
    }

    /** The table, under another name than was wanted where something else has that. */
    private String tableFor(IntegrationRow integration, ServiceDefinition definition)
            throws SQLException {
        OrganizationRow organization = integration.organization();
        DatabaseRow database = organization.database().orElseThrow();
        OwnerTables.Making made =
                OwnerTables.create(
                        owner(organization.id(), database),
                        definition,
                        database.schema(),
                        integration.table(),
                        integration.opaqueId(),
                        database.reader());
        if (made == OwnerTables.Making.TAKEN) {
            String other = jdbi.inTransaction(h -> Ledger.anotherName(h, integration.id()));
            throw new SQLException(
                    "There is something else named \""
                            + integration.table()
                            + "\"; the table will be \""
                            + other
                            + "\"",
                    "42P07");
        }
        return integration.table();
    }

    /** Gives an integration's table its new name, or takes the wish back if it cannot be had. */
    Runnable rename(Listed listed, IntegrationRow integration) {
        OrganizationRow organization = integration.organization();
        DatabaseRow database = organization.database().orElseThrow();
        return noting(
                listed,
                database.server(),
                "organization " + organization.id() + ": new name of " + integration.opaqueId(),
                () -> {
                    OwnerTables.Renaming result =
                            OwnerTables.rename(
                                    owner(organization.id(), database),
                                    database.schema(),
                                    integration.builtTable(),
                                    integration.table(),
                                    integration.opaqueId());
                    jdbi.useTransaction(
                            handle -> {
                                if (result == OwnerTables.Renaming.TAKEN) {
                                    Ledger.renameRefused(
                                            handle, integration.id(), integration.table());
                                } else {
                                    Ledger.tableReady(
                                            handle, integration.id(), integration.table());
                                }
                            });
                });
    }

    /** Makes the table of keys that are deleted for good. */
    Runnable bury(Listed listed, IntegrationRow integration) {
        OrganizationRow organization = integration.organization();
        DatabaseRow database = organization.database().orElseThrow();
        return noting(
                listed,
                database.server(),
                "organization " + organization.id() + ": tombstones of " + integration.opaqueId(),
                () -> {
                    ServiceDefinition definition =
                            jdbi.withHandle(
                                    handle ->
                                            Definitions.read(handle, integration.definitionHash()));
                    OwnerTables.createTombstones(
                            owner(organization.id(), database),
                            definition,
                            database.schema(),
                            integration.builtTable(),
                            database.reader());
                    jdbi.useTransaction(handle -> Ledger.tombstonesReady(handle, integration.id()));
                });
    }

    /** Drops an integration's table. */
    Runnable drop(Listed listed, IntegrationRow integration) {
        OrganizationRow organization = integration.organization();
        DatabaseRow database = organization.database().orElseThrow();
        return noting(
                listed,
                database.server(),
                "organization " + organization.id() + ": end of " + integration.opaqueId(),
                () -> {
                    OwnerTables.drop(
                            owner(organization.id(), database),
                            database.schema(),
                            integration.tableReady()
                                    ? integration.builtTable()
                                    : integration.table(),
                            integration.opaqueId());
                    jdbi.useTransaction(handle -> Ledger.tableDropped(handle, integration.id()));
                });
    }

    /** The work, with its failures noted and put off. */
    Runnable noting(Listed listed, String server, String what, Step step) {
        return () -> {
            try {
                step.run();
                lanes.reached(server);
            } catch (SQLException | RuntimeException e) {
                note(listed, server, what, e);
            }
        };
    }

    private void note(Listed listed, String server, String what, Exception e) {
        ServerFailure failure = ServerFailure.of(e);
        Duration wait = Backoff.after(listed.failures() + 1);
        String note = failure + " " + ServerFailure.sqlState(e);
        if (failure == ServerFailure.UNREACHABLE) {
            lanes.unreachable(server);
        }
        if (failure == ServerFailure.INTERNAL) {
            LOG.error("{} on {} failed, next attempt in {}", what, server, wait, e);
        } else {
            LOG.warn(
                    "{} on {} failed: {} ({}), attempt {}, next in {}",
                    what,
                    server,
                    note,
                    e.getMessage(),
                    listed.failures() + 1,
                    wait);
        }
        try {
            jdbi.useHandle(handle -> WorkList.failed(handle, listed, wait, note));
        } catch (RuntimeException unnoted) {
            LOG.warn("{}: the failure could not be noted; it will be tried at once", what, unnoted);
        }
    }

    /** The owner as it connects. */
    PostgresUrl owner(long organization, DatabaseRow database) throws SQLException {
        PostgresUrl url = ownerUrl(organization, database);
        return database.runBy() == RunBy.CUSTOMER ? CustomerUrl.judged(url, outbound) : url;
    }

    /** The same, as it was given. */
    PostgresUrl ownerUrl(long organization, DatabaseRow database) {
        String password = ownerPassword(organization, database);
        return Optional.ofNullable(servers.get(database.server()))
                .filter(server -> database.runBy() == RunBy.OPERATOR)
                .map(server -> server.url(database.name(), database.owner(), password))
                .orElseGet(
                        () ->
                                new PostgresUrl(
                                        database.host(),
                                        database.port(),
                                        database.name(),
                                        database.owner(),
                                        password,
                                        SslMode.orUnset(database.sslMode())));
    }

    ReplicationServer server(DatabaseRow database) {
        ReplicationServer server = servers.get(database.server());
        if (server == null) {
            throw new IllegalStateException(
                    "Server "
                            + database.server()
                            + " is not among the replication servers "
                            + servers.keySet());
        }
        return server;
    }

    private String ownerPassword(long organization, DatabaseRow database) {
        return connections.open(
                database.ownerPasswordSealed(),
                OrganizationControl.ownerPasswordContext(organization));
    }

    /** The password in a read-only URL. */
    String readerPassword(long organization, String urlEncrypted) {
        return PostgresUrl.parse(readers.decrypt(urlEncrypted, ReadonlyUrl.context(organization)))
                .password();
    }
}

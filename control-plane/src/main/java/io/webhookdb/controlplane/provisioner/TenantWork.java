package io.webhookdb.controlplane.provisioner;

import io.webhookdb.controlplane.provisioner.OrganizationRow.DatabaseRow;
import io.webhookdb.controlplane.provisioner.WorkList.Listed;
import io.webhookdb.schemas.control.ControlRecord.State;
import io.webhookdb.security.connection.PostgresUrl;
import java.sql.SQLException;
import org.jdbi.v3.core.Jdbi;
import org.postgresql.util.PSQLException;

/** Work inside a database that is there: its views, and who may read it. */
final class TenantWork {
    private final Jdbi jdbi;
    private final ServerWork servers;

    TenantWork(Jdbi jdbi, ServerWork servers) {
        this.jdbi = jdbi;
        this.servers = servers;
    }

    /** Makes, replaces or drops a view. */
    Runnable build(Listed listed, SavedViewRow view) {
        OrganizationRow organization = view.organization();
        DatabaseRow database = organization.database().orElseThrow();
        return servers.noting(
                listed,
                database.server(),
                "organization " + organization.id() + ": view " + view.name(),
                () -> {
                    try {
                        build(view, servers.owner(organization.id(), database), database);
                    } catch (SQLException e) {
                        if (!isFaultOfQuery(ServerFailure.sqlState(e))) {
                            throw e;
                        }
                        jdbi.useTransaction(
                                handle -> SavedViewLedger.refused(handle, view, message(e)));
                    }
                });
    }

    private void build(SavedViewRow view, PostgresUrl owner, DatabaseRow database)
            throws SQLException {
        if (view.state() == State.ACTIVE) {
            OwnerViews.put(owner, database.schema(), view.name(), view.sql(), database.reader());
            jdbi.useTransaction(handle -> SavedViewLedger.built(handle, view));
            return;
        }
        if (view.everBuilt()) {
            OwnerViews.drop(owner, database.schema(), view.name());
        }
        jdbi.useTransaction(handle -> SavedViewLedger.dropped(handle, view));
    }

    /** Makes the new reader; the old one stays. */
    Runnable make(Listed listed, ReaderRollRow roll) {
        DatabaseRow database = roll.organization().database().orElseThrow();
        return servers.noting(
                listed,
                database.server(),
                "organization " + roll.organization().id() + ": new reader",
                () -> {
                    servers.server(database)
                            .addReader(
                                    database,
                                    roll.reader().orElseThrow(),
                                    servers.readerPassword(
                                            roll.organization().id(), roll.urlEncrypted()));
                    jdbi.useTransaction(handle -> ReaderRollLedger.made(handle, roll));
                });
    }

    /** Ends the old reader and its sessions. */
    Runnable end(Listed listed, ReaderRollRow roll) {
        DatabaseRow database = roll.organization().database().orElseThrow();
        return servers.noting(
                listed,
                database.server(),
                "organization " + roll.organization().id() + ": end of old reader",
                () -> {
                    servers.server(database).endReader(database, roll.oldReader().orElseThrow());
                    jdbi.useTransaction(handle -> ReaderRollLedger.ended(handle, roll.id()));
                });
    }

    /**
     * Syntax and rights, values, features, dependent objects: trying again changes nothing
     * (PostgreSQL manual, appendix A).
     */
    static boolean isFaultOfQuery(String sqlState) {
        return sqlState.startsWith("42")
                || sqlState.startsWith("22")
                || sqlState.startsWith("0A")
                || sqlState.startsWith("2B");
    }

    private static String message(SQLException e) {
        if (e instanceof PSQLException postgres && postgres.getServerErrorMessage() != null) {
            return postgres.getServerErrorMessage().getMessage();
        }
        return e.getMessage();
    }
}

package io.webhookdb.controlplane.provisioner;

import io.webhookdb.controlplane.provisioner.OrganizationRow.DatabaseRow;
import io.webhookdb.controlplane.provisioner.WorkList.Listed;
import io.webhookdb.schemas.catalog.Column;
import io.webhookdb.schemas.catalog.ServiceDefinition;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jdbi.v3.core.Jdbi;

/** New columns of tables that are being written. */
final class ColumnWork {
    private final Jdbi jdbi;
    private final ServerWork servers;
    private final Duration known;

    /**
     * The work on these servers.
     *
     * @param known time after which every writer knows a table's new columns
     */
    ColumnWork(ServerWork servers, Duration known) {
        this.known = known;
        this.jdbi = servers.jdbi();
        this.servers = servers;
    }

    /** Adds an integration's missing columns, then everyone is told of them. */
    Runnable add(Listed listed, IntegrationRow integration) {
        OrganizationRow organization = integration.organization();
        DatabaseRow database = organization.database().orElseThrow();
        String wanted = integration.wantedDefinition().orElseThrow();
        return servers.noting(
                listed,
                database.server(),
                "organization " + organization.id() + ": columns of " + integration.opaqueId(),
                () -> {
                    OwnerColumns.add(
                            servers.owner(organization.id(), database),
                            database.schema(),
                            integration.builtTable(),
                            missing(integration.definitionHash(), wanted));
                    jdbi.useTransaction(handle -> ColumnFill.added(handle, integration, wanted));
                });
    }

    /** When the next pass may begin. */
    Instant notBefore(ColumnFill fill) {
        return fill.pass() == 1 ? fill.createdAt() : fill.createdAt().plus(known);
    }

    /** One pass over a table's rows, and the indexes after the first. */
    Runnable fill(Listed listed, ColumnFill fill) {
        IntegrationRow integration = fill.integration();
        OrganizationRow organization = integration.organization();
        DatabaseRow database = organization.database().orElseThrow();
        return servers.noting(
                listed,
                database.server(),
                "organization " + organization.id() + ": values of " + integration.opaqueId(),
                () -> {
                    List<Column> columns = missing(fill.fromHash(), fill.toHash());
                    ServiceDefinition service = definition(fill.toHash());
                    if (!columns.isEmpty()) {
                        OwnerColumns.fill(
                                servers.owner(organization.id(), database),
                                service,
                                columns,
                                database.schema(),
                                integration.builtTable(),
                                fill.cursor(),
                                fill.pass() == 1
                                        ? Instant.EPOCH
                                        : fill.createdAt().minus(ColumnFill.MARGIN),
                                (cursor, rows) ->
                                        jdbi.useHandle(
                                                handle ->
                                                        ColumnFill.filled(
                                                                handle, fill.id(), cursor, rows)));
                    }
                    if (fill.pass() == 1) {
                        OwnerColumns.index(
                                servers.owner(organization.id(), database),
                                service,
                                database.schema(),
                                integration.builtTable(),
                                integration.opaqueId());
                    }
                    jdbi.useTransaction(
                            handle -> {
                                if (fill.pass() == 1 && !columns.isEmpty()) {
                                    ColumnFill.passed(handle, fill.id());
                                } else {
                                    ColumnFill.finished(handle, fill.id());
                                }
                            });
                });
    }

    private List<Column> missing(String fromHash, String toHash) {
        return Growth.between(definition(fromHash), definition(toHash))
                .orElseThrow(
                        () ->
                                new IllegalStateException(
                                        "Definition "
                                                + toHash
                                                + " does not only add columns to "
                                                + fromHash));
    }

    private ServiceDefinition definition(String hash) {
        return jdbi.withHandle(handle -> Definitions.read(handle, hash));
    }
}

package io.webhookdb.controlplane.api.services;

import io.webhookdb.controlplane.database.StoredDefinitions;
import io.webhookdb.schemas.catalog.ServiceDefinition;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.StatementContext;

/** Services organizations defined, all versions. */
final class OwnServiceStore {
    private static final String NEWEST =
            "SELECT DISTINCT ON (s.service_name) s.service_name, s.version, s.source, s.created_at,"
                + " d.definition FROM service_definitions s JOIN definitions d ON d.hash ="
                + " s.definition_hash WHERE s.organization_id = :organization AND s.deleted_at IS"
                + " NULL";
    private static final String ORDER = " ORDER BY s.service_name, s.version DESC";

    private OwnServiceStore() {}

    /** The newest version of each, by name. */
    static List<OwnService> all(Handle handle, long organization) {
        return handle.createQuery(NEWEST + ORDER)
                .bind("organization", organization)
                .map(OwnServiceStore::service)
                .list();
    }

    /** The newest version of one. */
    static Optional<OwnService> find(Handle handle, long organization, String name) {
        return handle.createQuery(NEWEST + " AND s.service_name = :name" + ORDER)
                .bind("organization", organization)
                .bind("name", name)
                .map(OwnServiceStore::service)
                .findOne();
    }

    /** Keeps others from defining or integrating in this organization until the caller commits. */
    static void lock(Handle transaction, long organization) {
        transaction
                .createQuery("SELECT id FROM organizations WHERE id = :id FOR NO KEY UPDATE")
                .bind("id", organization)
                .mapTo(Long.class)
                .one();
    }

    /** Stores the next version and returns its number, which no deleted one had. */
    static int add(
            Handle transaction,
            long organization,
            long creator,
            ServiceDefinition definition,
            String source) {
        return transaction
                .createQuery(
                        "INSERT INTO service_definitions (organization_id, service_name, version,"
                            + " source, definition_hash, created_by) SELECT :organization, :name,"
                            + " coalesce(max(version), 0) + 1, :source, :hash, :creator FROM"
                            + " service_definitions WHERE organization_id = :organization AND"
                            + " service_name = :name RETURNING version")
                .bind("organization", organization)
                .bind("name", definition.name())
                .bind("source", source)
                .bind("hash", StoredDefinitions.ensure(transaction, definition))
                .bind("creator", creator)
                .mapTo(Integer.class)
                .one();
    }

    /** Ends all versions. */
    static void delete(Handle transaction, long organization, String name) {
        transaction.execute(
                "UPDATE service_definitions SET deleted_at = now() WHERE organization_id = ? AND"
                        + " service_name = ? AND deleted_at IS NULL",
                organization,
                name);
    }

    private static OwnService service(ResultSet row, StatementContext context) throws SQLException {
        return new OwnService(
                StoredDefinitions.parse(row.getString("definition")),
                row.getInt("version"),
                row.getString("source"),
                row.getTimestamp("created_at").toInstant());
    }
}

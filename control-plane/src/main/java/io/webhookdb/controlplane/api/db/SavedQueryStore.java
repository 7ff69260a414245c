package io.webhookdb.controlplane.api.db;

import java.math.BigInteger;
import java.security.SecureRandom;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.statement.StatementContext;

/** Saved queries of organizations. */
final class SavedQueryStore {
    private static final SecureRandom RANDOM = new SecureRandom();
    private static final String SELECT = "SELECT * FROM saved_queries WHERE ";

    private final Jdbi jdbi;

    SavedQueryStore(Jdbi jdbi) {
        this.jdbi = jdbi;
    }

    SavedQuery create(
            long organization, String description, String sql, boolean isPublic, long customer) {
        return jdbi.withHandle(
                handle ->
                        handle.createQuery(
                                        "INSERT INTO saved_queries (opaque_id, organization_id,"
                                                + " description, sql, is_public, created_by) VALUES"
                                                + " (:opaque, :organization, :description, :sql,"
                                                + " :public, :customer) RETURNING *")
                                .bind("opaque", "svq_" + new BigInteger(128, RANDOM).toString(36))
                                .bind("organization", organization)
                                .bind("description", description)
                                .bind("sql", sql)
                                .bind("public", isPublic)
                                .bind("customer", customer)
                                .map(SavedQueryStore::query)
                                .one());
    }

    List<SavedQuery> all(long organization) {
        return jdbi.withHandle(
                handle ->
                        handle.createQuery(
                                        SELECT + "organization_id = :organization ORDER BY id DESC")
                                .bind("organization", organization)
                                .map(SavedQueryStore::query)
                                .list());
    }

    Optional<SavedQuery> find(String opaqueId) {
        return jdbi.withHandle(
                handle ->
                        handle.createQuery(SELECT + "opaque_id = :opaque")
                                .bind("opaque", opaqueId)
                                .map(SavedQueryStore::query)
                                .findOne());
    }

    /** Writes description, SQL and visibility; empty if it was deleted meanwhile. */
    Optional<SavedQuery> update(SavedQuery changed) {
        return jdbi.withHandle(
                handle ->
                        handle.createQuery(
                                        "UPDATE saved_queries SET description = :description, sql"
                                                + " = :sql, is_public = :public WHERE id = :id"
                                                + " RETURNING *")
                                .bind("description", changed.description())
                                .bind("sql", changed.sql())
                                .bind("public", changed.isPublic())
                                .bind("id", changed.id())
                                .map(SavedQueryStore::query)
                                .findOne());
    }

    void delete(SavedQuery query) {
        jdbi.useHandle(
                handle -> handle.execute("DELETE FROM saved_queries WHERE id = ?", query.id()));
    }

    private static SavedQuery query(ResultSet row, StatementContext context) throws SQLException {
        return new SavedQuery(
                row.getLong("id"),
                row.getString("opaque_id"),
                row.getLong("organization_id"),
                row.getString("description"),
                row.getString("sql"),
                row.getBoolean("is_public"),
                row.getLong("created_by"));
    }
}

package io.webhookdb.controlplane.provisioner;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.webhookdb.schemas.control.ControlCodec;
import io.webhookdb.schemas.control.ControlRecord;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.StatementContext;

/**
 * An entity that is published as it is stored.
 *
 * @param json its control record
 * @param organizationTold whether its organization was published, which comes first
 */
record DocumentRow(
        long id,
        String key,
        String json,
        long revision,
        long publishedRevision,
        boolean organizationTold) {
    private static final String SELECT =
            "SELECT c.*, o.published_revision > 0 AS told FROM control_documents c JOIN"
                    + " organizations o ON o.id = c.organization_id WHERE ";

    static Optional<DocumentRow> find(Handle handle, long id) {
        return handle.createQuery(SELECT + "c.id = :id")
                .bind("id", id)
                .map(DocumentRow::row)
                .findOne();
    }

    /**
     * Those that were published before, by id: deleted ones for a year, orders for a week, after
     * which they are history.
     */
    static List<DocumentRow> published(Handle handle, long after, int limit) {
        return handle.createQuery(
                        SELECT
                                + "c.id > :after AND c.published_revision > 0 AND (c.deleted_at IS"
                                + " NULL OR c.deleted_at > now() - interval '1 year') AND (c.kind"
                                + " NOT IN ('backfill', 'replay', 'recovery') OR c.created_at > now() -"
                                + " interval '7 days') ORDER BY c.id LIMIT :limit")
                .bind("after", after)
                .bind("limit", limit)
                .map(DocumentRow::row)
                .list();
    }

    /**
     * The record to publish.
     *
     * @throws IllegalStateException if this release cannot read it
     */
    ControlRecord record() {
        try {
            return ControlCodec.decode(json.getBytes(UTF_8));
        } catch (IllegalArgumentException e) {
            throw new IllegalStateException("The stored record of " + key + " is unreadable", e);
        }
    }

    /** Never prints the record, which holds sealed secrets. */
    @Override
    public String toString() {
        return key + " r" + revision;
    }

    private static DocumentRow row(ResultSet row, StatementContext context) throws SQLException {
        return new DocumentRow(
                row.getLong("id"),
                row.getString("key"),
                row.getString("record"),
                row.getLong("revision"),
                row.getLong("published_revision"),
                row.getBoolean("told"));
    }
}

package io.webhookdb.controlplane.api.audit;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.temporal.ChronoUnit;
import java.util.List;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.statement.StatementContext;

/** What the log says of an organization. */
final class AuditLog {
    private final Jdbi jdbi;

    AuditLog(Jdbi jdbi) {
        this.jdbi = jdbi;
    }

    /** One entry as it is shown. */
    record View(
            String id,
            String at,
            String actor,
            String via,
            String action,
            String subject,
            String detail,
            String status,
            String address,
            String forwardedFor) {}

    /**
     * The newest entries, newest first: the organization's, and logins of its members since they
     * were invited.
     *
     * @param before only entries older than the one of this id
     */
    List<View> entries(long organization, long before, int limit) {
        return jdbi.withHandle(
                handle ->
                        handle.createQuery(
                                        "SELECT * FROM ((SELECT * FROM audit_log WHERE"
                                            + " organization_id = :organization AND id < :before"
                                            + " ORDER BY id DESC LIMIT :limit) UNION ALL (SELECT"
                                            + " a.* FROM memberships m CROSS JOIN LATERAL (SELECT *"
                                            + " FROM audit_log l WHERE l.customer_id ="
                                            + " m.customer_id AND l.organization_id IS NULL AND"
                                            + " l.action LIKE 'auth%' AND l.at >= m.created_at AND"
                                            + " l.id < :before ORDER BY l.id DESC LIMIT :limit) a"
                                            + " WHERE m.organization_id = :organization AND"
                                            + " m.verified)) e ORDER BY id DESC LIMIT :limit")
                                .bind("organization", organization)
                                .bind("before", before)
                                .bind("limit", limit)
                                .map(AuditLog::view)
                                .list());
    }

    private static View view(ResultSet row, StatementContext context) throws SQLException {
        String status = row.getString("status");
        return new View(
                row.getString("id"),
                row.getTimestamp("at").toInstant().truncatedTo(ChronoUnit.MILLIS).toString(),
                row.getString("actor"),
                row.getString("via"),
                row.getString("action"),
                row.getString("subject"),
                row.getString("detail"),
                status == null ? "" : status,
                row.getString("address"),
                row.getString("forwarded_for"));
    }
}

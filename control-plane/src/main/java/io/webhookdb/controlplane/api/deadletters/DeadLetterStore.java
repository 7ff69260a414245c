package io.webhookdb.controlplane.api.deadletters;

import io.webhookdb.schemas.Topics;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.StatementContext;

/** Dead letters of one organization. */
final class DeadLetterStore {
    /** Only what came as an event can be tried again; a change is delivered again elsewhere. */
    static final List<String> RETRIABLE = List.of(Topics.EVENTS, Topics.BACKFILL_EVENTS);

    private DeadLetterStore() {}

    /**
     * What to list; null or empty for all.
     *
     * @param before only older than the letter of this opaque id
     */
    record Filter(String integration, String reason, String state, String before, int limit) {}

    static List<DeadLetterView> list(Handle handle, long organization, Filter filter) {
        return handle.createQuery(
                        "SELECT * FROM dead_letters WHERE organization_id = :organization AND"
                                + " (:integration = '' OR integration = :integration) AND (:reason"
                                + " = '' OR reason = :reason) AND (:state = '' OR state = :state)"
                                + " AND (:before = '' OR id < (SELECT id FROM dead_letters WHERE"
                                + " opaque_id = :before AND organization_id = :organization)) ORDER"
                                + " BY id DESC LIMIT :limit")
                .bind("organization", organization)
                .bind("integration", filter.integration())
                .bind("reason", filter.reason())
                .bind("state", filter.state())
                .bind("before", filter.before())
                .bind("limit", filter.limit())
                .map(DeadLetterStore::view)
                .list();
    }

    static Optional<DeadLetterView> find(Handle handle, long organization, String id) {
        return handle.createQuery(
                        "SELECT * FROM dead_letters WHERE organization_id = :organization AND"
                                + " opaque_id = :id")
                .bind("organization", organization)
                .bind("id", id)
                .map(DeadLetterStore::view)
                .findOne();
    }

    /** Asks for the stored request; the answer comes to {@link #shown}. */
    static UUID ask(Handle handle, long organization, String id) {
        UUID view = UUID.randomUUID();
        handle.execute(
                "INSERT INTO stored_request_views (id, topic, partition, record_offset,"
                        + " integration) SELECT ?, topic, partition, record_offset, integration"
                        + " FROM dead_letters WHERE organization_id = ? AND opaque_id = ?",
                view,
                organization,
                id);
        return view;
    }

    /** Whether an answer is there. */
    static boolean isAnswered(Handle handle, UUID view) {
        return handle.createQuery(
                        "SELECT EXISTS (SELECT FROM stored_request_views WHERE id = ? AND"
                                + " fetched_at IS NOT NULL)")
                .bind(0, view)
                .mapTo(Boolean.class)
                .one();
    }

    /** The answer, once; empty if the request is no longer kept. */
    static Optional<String> shown(Handle handle, UUID view) {
        return handle.createQuery(
                        "DELETE FROM stored_request_views WHERE id = ? RETURNING coalesce(view,"
                                + " '')")
                .bind(0, view)
                .mapTo(String.class)
                .findOne()
                .filter(text -> !text.isEmpty());
    }

    /**
     * Marks letters to be tried again.
     *
     * @param id opaque id of one; empty for all that fit the filter
     * @return numeric ids of those that will be
     */
    static List<Long> retry(
            Handle handle, long organization, long customer, String id, Filter filter) {
        return handle.createQuery(
                        "UPDATE dead_letters SET state = 'retrying', retried_at = now(), retried_by"
                                + " = :customer WHERE id IN (SELECT id FROM dead_letters WHERE"
                                + " organization_id = :organization AND (:id = '' OR opaque_id ="
                                + " :id) AND (:integration = '' OR integration = :integration) AND"
                                + " (:reason = '' OR reason = :reason) AND topic = ANY(:topics) AND"
                                + " (state = 'dead' OR :id <> '' AND state = 'retried') ORDER BY id"
                                + " LIMIT :limit FOR UPDATE) RETURNING id")
                .bind("customer", customer)
                .bind("organization", organization)
                .bind("id", id)
                .bind("integration", filter.integration())
                .bind("reason", filter.reason())
                .bindArray("topics", String.class, RETRIABLE)
                .bind("limit", filter.limit())
                .mapTo(Long.class)
                .list();
    }

    private static DeadLetterView view(ResultSet row, StatementContext context)
            throws SQLException {
        return new DeadLetterView(
                row.getString("opaque_id"),
                row.getString("integration"),
                row.getString("event_id"),
                row.getString("remote_key"),
                row.getString("reason"),
                row.getString("message"),
                row.getString("sql_state"),
                row.getInt("attempts"),
                row.getString("topic")
                        + "/"
                        + row.getInt("partition")
                        + "/"
                        + row.getLong("record_offset"),
                row.getTimestamp("died_at").toInstant().toString(),
                row.getString("state"),
                null,
                null,
                null,
                null);
    }
}

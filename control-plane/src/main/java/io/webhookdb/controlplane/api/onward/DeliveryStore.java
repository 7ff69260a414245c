package io.webhookdb.controlplane.api.onward;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Jdbi;

/** The log of deliveries, as the api reads it. */
final class DeliveryStore {
    /** Ranges of missed deliveries that are further apart than this are listed apart. */
    private static final String GAP = "interval '1 hour'";

    private static final String LIST =
            "SELECT * FROM delivery_attempts WHERE organization_id = :organization AND"
                    + " (:subscription = '' OR subscription = :subscription) AND (:outcome = '' OR"
                    + " outcome = :outcome) ORDER BY at DESC LIMIT :limit";

    /** Given up or never tried, and not delivered since. */
    private static final String MISSED =
            "WITH missed AS (SELECT DISTINCT ON (a.subscription, a.delivery) a.subscription,"
                + " a.delivery, a.changed_at FROM delivery_attempts a WHERE a.organization_id ="
                + " :organization AND (:subscription = '' OR a.subscription = :subscription) AND"
                + " NOT a.test AND a.changed_at IS NOT NULL AND a.next_at IS NULL AND a.outcome <>"
                + " 'delivered' AND NOT EXISTS (SELECT 1 FROM delivery_attempts d WHERE"
                + " d.subscription = a.subscription AND d.delivery = a.delivery AND d.outcome ="
                + " 'delivered')), marked AS (SELECT *, coalesce(changed_at - lag(changed_at) OVER"
                + " w > "
                    + GAP
                    + ", true) AS starts FROM missed WINDOW w AS (PARTITION BY subscription ORDER"
                    + " BY changed_at)), numbered AS (SELECT *, count(*) FILTER (WHERE starts)"
                    + " OVER (PARTITION BY subscription ORDER BY changed_at, delivery) AS number"
                    + " FROM marked) SELECT subscription, min(changed_at) AS first,"
                    + " max(changed_at) AS last, count(*) AS deliveries FROM numbered GROUP BY"
                    + " subscription, number ORDER BY first DESC LIMIT :limit";

    private final Jdbi jdbi;

    DeliveryStore(Jdbi jdbi) {
        this.jdbi = jdbi;
    }

    /**
     * One attempt. Times are ISO 8601.
     *
     * @param answer the start of what the receiver said; null for none
     * @param why there was no answer; null if there was one
     */
    record Attempt(
            String id,
            String at,
            String subscription,
            String delivery,
            int attempt,
            int status,
            String outcome,
            long millis,
            String nextAt,
            String changedAt,
            String answer,
            String why) {}

    /** Changes that were not delivered: those announced from {@code first} to {@code last}. */
    record Missed(String subscription, String first, String last, long deliveries) {}

    /** An order to deliver again. */
    record Recovery(
            String id,
            String subscription,
            String state,
            long read,
            long sent,
            String reportedAt,
            String failure) {}

    /**
     * Attempts, the newest first.
     *
     * @param subscription opaque id; blank for all
     * @param outcome word; blank for all
     */
    List<Attempt> attempts(long organization, String subscription, String outcome, int limit) {
        return jdbi.withHandle(
                handle ->
                        handle.createQuery(LIST)
                                .bind("organization", organization)
                                .bind("subscription", subscription)
                                .bind("outcome", outcome)
                                .bind("limit", limit)
                                .map((row, context) -> attempt(row))
                                .list());
    }

    /** One attempt by its number. */
    Optional<Attempt> attempt(long organization, long id) {
        return jdbi.withHandle(
                handle ->
                        handle.createQuery(
                                        "SELECT * FROM delivery_attempts WHERE id = :id AND"
                                                + " organization_id = :organization")
                                .bind("id", id)
                                .bind("organization", organization)
                                .map((row, context) -> attempt(row))
                                .findOne());
    }

    /** What was missed, the newest first. */
    List<Missed> missed(long organization, String subscription, int limit) {
        return jdbi.withHandle(
                handle ->
                        handle.createQuery(MISSED)
                                .bind("organization", organization)
                                .bind("subscription", subscription)
                                .bind("limit", limit)
                                .map(
                                        (row, context) ->
                                                new Missed(
                                                        row.getString("subscription"),
                                                        instant(row, "first"),
                                                        instant(row, "last"),
                                                        row.getLong("deliveries")))
                                .list());
    }

    /** Orders that were begun, the newest first. */
    List<Recovery> recoveries(long organization, int limit) {
        return jdbi.withHandle(
                handle ->
                        handle.createQuery(
                                        "SELECT * FROM recoveries WHERE organization_id ="
                                                + " :organization ORDER BY reported_at DESC LIMIT"
                                                + " :limit")
                                .bind("organization", organization)
                                .bind("limit", limit)
                                .map(
                                        (row, context) ->
                                                new Recovery(
                                                        row.getString("recovery"),
                                                        row.getString("subscription"),
                                                        row.getString("state"),
                                                        row.getLong("read"),
                                                        row.getLong("sent"),
                                                        instant(row, "reported_at"),
                                                        row.getString("failure")))
                                .list());
    }

    private static Attempt attempt(ResultSet row) throws SQLException {
        boolean isAnswered = row.getInt("status") > 0;
        return new Attempt(
                DeliveryRoutes.PREFIX + row.getLong("id"),
                instant(row, "at"),
                row.getString("subscription"),
                row.getString("delivery"),
                row.getInt("attempt"),
                row.getInt("status"),
                row.getString("outcome"),
                row.getLong("millis"),
                instant(row, "next_at"),
                instant(row, "changed_at"),
                isAnswered ? row.getString("answer") : null,
                isAnswered ? null : row.getString("answer"));
    }

    private static String instant(ResultSet row, String column) throws SQLException {
        Timestamp time = row.getTimestamp(column);
        return time == null ? null : time.toInstant().toString();
    }
}

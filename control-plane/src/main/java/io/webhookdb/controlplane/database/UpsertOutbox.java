package io.webhookdb.controlplane.database;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.webhookdb.schemas.event.Event;
import io.webhookdb.schemas.event.Origin;
import io.webhookdb.security.keyset.SecretOpener;
import io.webhookdb.security.keyset.SecretSealer;
import java.nio.charset.StandardCharsets;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Supplier;
import org.jdbi.v3.core.Handle;

/**
 * Bodies given to the api to become rows. The api has no way to the event log, so it keeps them
 * here, durable before it answers; the provisioner moves them on. They count like replayed
 * webhooks: no state of the row that a job remembers makes it drop one, the table decides.
 */
public final class UpsertOutbox {
    /** Verification word of these events: the sender had a session instead of a signature. */
    static final String VERIFICATION = "session";

    private static final int AT_ONCE = 100;
    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final TypeReference<Map<String, String>> HEADERS = new TypeReference<>() {};

    private UpsertOutbox() {}

    /**
     * Keeps one body in the caller's transaction and wakes the provisioner.
     *
     * @param id id of the event it becomes
     * @param integration numeric id
     * @param headers request headers the service's definition reads, names in lower case
     */
    public static void add(
            Handle transaction,
            SecretSealer sealer,
            UUID id,
            long integration,
            Map<String, String> headers,
            byte[] body) {
        transaction
                .createUpdate(
                        "INSERT INTO upserts (id, integration_id, received_at, headers,"
                                + " body_sealed) VALUES (:id, :integration, :received,"
                                + " CAST(:headers AS jsonb), :body)")
                .bind("id", id)
                .bind("integration", integration)
                .bind("received", Instant.now().truncatedTo(ChronoUnit.MICROS))
                .bind("headers", written(headers))
                .bind("body", sealer.seal(new String(body, StandardCharsets.UTF_8), context(id)))
                .execute();
        ProvisioningQueue.wake(transaction);
    }

    /** Whether so many wait already. */
    public static boolean waiting(Handle handle, long most) {
        return handle.createQuery(
                        "SELECT count(*) >= :most FROM (SELECT FROM upserts LIMIT :most) u")
                .bind("most", most)
                .mapTo(Boolean.class)
                .one();
    }

    /** One body that waits. */
    public record Waiting(UUID id, String integration, Supplier<Event> event) {}

    /**
     * The oldest ones whose integration is known to the jobs. Making the event throws {@link
     * io.webhookdb.security.keyset.SecretUnreadableException} if the body cannot be opened.
     */
    public static List<Waiting> oldest(Handle handle, SecretOpener opener) {
        return handle.createQuery(
                        "SELECT u.*, i.opaque_id, i.published_revision FROM upserts u JOIN"
                            + " integrations i ON i.id = u.integration_id WHERE"
                            + " i.published_revision > 0 AND NOT u.unreadable ORDER BY u.id LIMIT"
                            + " :most")
                .bind("most", AT_ONCE)
                .map((row, context) -> waiting(row, opener))
                .list();
    }

    /** Forgets what is on the event log. */
    public static void remove(Handle handle, List<Event> published) {
        handle.createUpdate("DELETE FROM upserts WHERE id IN (<ids>)")
                .bindList("ids", published.stream().map(Event::id).toList())
                .execute();
    }

    /** Takes one out of the way. */
    public static void setAside(Handle handle, UUID id) {
        handle.execute("UPDATE upserts SET unreadable = true WHERE id = ?", id);
    }

    private static Waiting waiting(ResultSet row, SecretOpener opener) throws SQLException {
        UUID id = row.getObject("id", UUID.class);
        String integration = row.getString("opaque_id");
        long revision = row.getLong("published_revision");
        Instant received = row.getObject("received_at", OffsetDateTime.class).toInstant();
        Map<String, String> headers = read(row.getString("headers"));
        String sealed = row.getString("body_sealed");
        return new Waiting(
                id,
                integration,
                () ->
                        new Event(
                                id,
                                integration,
                                revision,
                                ChronoUnit.MICROS.between(Instant.EPOCH, received),
                                Origin.REPLAY,
                                "POST",
                                "/v1/service_integrations/" + integration,
                                "",
                                "application/json",
                                headers,
                                VERIFICATION,
                                opener.open(sealed, context(id)).getBytes(StandardCharsets.UTF_8)));
    }

    private static String context(UUID id) {
        return "upsert/" + id + "/body";
    }

    private static String written(Map<String, String> headers) {
        try {
            return JSON.writeValueAsString(headers);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("Headers cannot be written as JSON", e);
        }
    }

    private static Map<String, String> read(String headers) {
        try {
            return JSON.readValue(headers, HEADERS);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("Headers of an upsert are no JSON object", e);
        }
    }
}

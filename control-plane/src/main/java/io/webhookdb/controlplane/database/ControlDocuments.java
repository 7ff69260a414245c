package io.webhookdb.controlplane.database;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.webhookdb.schemas.control.ControlCodec;
import io.webhookdb.schemas.control.ControlRecord;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.Query;

/**
 * Entities whose control record is their whole state. A change is stored and listed for the
 * provisioner in the caller's transaction, so that it is published if and only if it happened.
 */
public final class ControlDocuments {
    private static final String ACTIVE =
            "SELECT * FROM control_documents WHERE state = 'active' AND organization_id ="
                    + " :organization AND kind = :kind";

    private ControlDocuments() {}

    /**
     * One stored entity.
     *
     * @param id numeric id, for the provisioner
     * @param record its newest control record
     * @param shown what people may see of what is sealed in the record
     */
    public record Document<T extends ControlRecord>(
            long id, T record, String shown, Instant createdAt) {}

    /**
     * Stores a new entity.
     *
     * @param integration opaque id of the integration it belongs to and ends with; null for none
     * @return empty if the integration has ended meanwhile
     */
    public static <T extends ControlRecord> Optional<Document<T>> create(
            Handle transaction, long organization, String integration, T record, String shown) {
        if (integration != null && !holds(transaction, integration)) {
            return Optional.empty();
        }
        Document<T> created =
                transaction
                        .createQuery(
                                "INSERT INTO control_documents (key, kind, organization_id,"
                                    + " integration, record, shown, revision) VALUES (:key, :kind,"
                                    + " :organization, :integration, :record, :shown, :revision)"
                                    + " RETURNING id, created_at")
                        .bind("key", record.key())
                        .bind("kind", kind(record.key()))
                        .bind("organization", organization)
                        .bind("integration", integration)
                        .bind("record", text(record))
                        .bind("shown", shown)
                        .bind("revision", record.revision())
                        .map(
                                (row, context) ->
                                        new Document<>(
                                                row.getLong("id"),
                                                record,
                                                shown,
                                                row.getTimestamp("created_at").toInstant()))
                        .one();
        list(transaction, created.id());
        return Optional.of(created);
    }

    /** Everything of one kind that is in use, the oldest first. */
    public static <T extends ControlRecord> List<Document<T>> all(
            Handle handle, long organization, String kind, Class<T> type) {
        return handle.createQuery(ACTIVE + " ORDER BY id")
                .bind("organization", organization)
                .bind("kind", kind)
                .map((row, context) -> document(row, type))
                .list();
    }

    /** One that is in use, by {@code kind/id}. */
    public static <T extends ControlRecord> Optional<Document<T>> find(
            Handle handle, long organization, String key, Class<T> type) {
        return one(handle.createQuery(ACTIVE + " AND key = :key"), organization, key, type);
    }

    /**
     * Changes one that is in use; its row is locked, so that revisions are never used twice.
     *
     * @param change gives the next record, with a larger revision
     * @return empty if there is none
     */
    public static <T extends ControlRecord> Optional<Document<T>> change(
            Handle transaction,
            long organization,
            String key,
            Class<T> type,
            UnaryOperator<Document<T>> change) {
        Optional<Document<T>> found =
                one(
                        transaction.createQuery(ACTIVE + " AND key = :key FOR UPDATE"),
                        organization,
                        key,
                        type);
        return found.map(
                document -> {
                    Document<T> changed = change.apply(document);
                    store(transaction, changed, ControlRecord.State.ACTIVE);
                    list(transaction, changed.id());
                    return changed;
                });
    }

    /**
     * Ends one.
     *
     * @param ended gives its last record, in state deleted, with a larger revision
     * @return what it was; empty if there was none
     */
    public static <T extends ControlRecord> Optional<Document<T>> delete(
            Handle transaction,
            long organization,
            String key,
            Class<T> type,
            UnaryOperator<T> ended) {
        Optional<Document<T>> found =
                one(
                        transaction.createQuery(ACTIVE + " AND key = :key FOR UPDATE"),
                        organization,
                        key,
                        type);
        found.ifPresent(
                document -> {
                    end(transaction, document, ended.apply(document.record()));
                    list(transaction, document.id());
                });
        return found;
    }

    /**
     * Ends everything that belongs to an integration. Nothing is listed yet: the caller does so
     * with {@link #list} when it holds every row lock it needs.
     *
     * @return numeric ids of what ended
     */
    public static List<Long> deleteOf(
            Handle transaction, String integration, UnaryOperator<ControlRecord> ended) {
        // Whoever adds something to the integration holds this lock, too.
        transaction
                .createQuery("SELECT id FROM integrations WHERE opaque_id = ? FOR UPDATE")
                .bind(0, integration)
                .mapTo(Long.class)
                .one();
        List<Document<ControlRecord>> documents =
                transaction
                        .createQuery(
                                "SELECT * FROM control_documents WHERE state = 'active' AND"
                                        + " integration = :integration ORDER BY id FOR UPDATE")
                        .bind("integration", integration)
                        .map((row, context) -> document(row, ControlRecord.class))
                        .list();
        documents.forEach(document -> end(transaction, document, ended.apply(document.record())));
        return documents.stream().map(Document::id).toList();
    }

    /** Lists an entity for the provisioner; the last statement of a transaction. */
    public static void list(Handle transaction, long id) {
        ProvisioningQueue.add(transaction, ProvisioningQueue.Kind.DOCUMENT, id);
    }

    private static void end(Handle transaction, Document<?> document, ControlRecord last) {
        store(
                transaction,
                new Document<>(document.id(), last, "", document.createdAt()),
                ControlRecord.State.DELETED);
    }

    private static void store(Handle transaction, Document<?> document, ControlRecord.State state) {
        int stored =
                transaction
                        .createUpdate(
                                "UPDATE control_documents SET record = :record, shown = :shown,"
                                        + " revision = :revision, state = :state, deleted_at = CASE"
                                        + " :state WHEN 'deleted' THEN now() END WHERE id = :id AND"
                                        + " revision < :revision")
                        .bind("record", text(document.record()))
                        .bind("shown", document.shown())
                        .bind("revision", document.record().revision())
                        .bind("state", state.name().toLowerCase(Locale.ROOT))
                        .bind("id", document.id())
                        .execute();
        if (stored != 1) {
            throw new IllegalStateException(
                    "The revision of " + document.record().key() + " did not grow");
        }
    }

    /** Keeps the integration from being ended before the caller commits. */
    private static boolean holds(Handle transaction, String integration) {
        return transaction
                .createQuery(
                        "SELECT 1 FROM integrations WHERE opaque_id = :integration AND state ="
                                + " 'active' FOR SHARE")
                .bind("integration", integration)
                .mapTo(Integer.class)
                .findOne()
                .isPresent();
    }

    private static <T extends ControlRecord> Optional<Document<T>> one(
            Query query, long organization, String key, Class<T> type) {
        return query.bind("organization", organization)
                .bind("kind", kind(key))
                .bind("key", key)
                .map((row, context) -> document(row, type))
                .findOne();
    }

    private static <T extends ControlRecord> Document<T> document(ResultSet row, Class<T> type)
            throws SQLException {
        return new Document<>(
                row.getLong("id"),
                type.cast(ControlCodec.decode(row.getString("record").getBytes(UTF_8))),
                row.getString("shown"),
                row.getTimestamp("created_at").toInstant());
    }

    private static String kind(String key) {
        return key.substring(0, key.indexOf('/'));
    }

    private static String text(ControlRecord record) {
        return new String(ControlCodec.encode(record), UTF_8);
    }
}

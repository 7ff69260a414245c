package io.webhookdb.controlplane.provisioner;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.webhookdb.controlplane.database.ProvisioningQueue;
import io.webhookdb.controlplane.database.ProvisioningQueue.Kind;
import io.webhookdb.schemas.control.ControlRecord;
import io.webhookdb.schemas.control.ControlRecord.State;
import io.webhookdb.schemas.control.IntegrationControl;
import io.webhookdb.schemas.control.OrganizationControl;
import io.webhookdb.schemas.control.SubscriptionControl;
import io.webhookdb.schemas.control.SyncTargetControl;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Notices that the application database is an older copy of itself, and puts it ahead of what the
 * parts have seen: they take a record only if its revision is larger than the one they know, so
 * they would ignore the copy's until it has caught up, and take a new organization for one that had
 * its number before.
 *
 * <p>A revision is stored before it is published, and that it was is noted after. So the topic is
 * ahead of that note only of what was published last before a crash, which costs a revision, or of
 * a copy.
 */
final class RestoredCopy {
    private static final Logger LOG = LoggerFactory.getLogger(RestoredCopy.class);
    private static final JsonMapper MAPPER = new JsonMapper();
    private static final int MOST_NAMED = 20;

    private RestoredCopy() {}

    /**
     * Raises what is behind and has it published again.
     *
     * @param told what the control topic holds, by key
     * @return keys of what is active for the parts, and unknown to the database
     */
    static List<String> catchUp(Jdbi jdbi, Map<String, ControlRecord> told) {
        Map<String, Long> published = jdbi.withHandle(RestoredCopy::published);
        List<String> unknown = new ArrayList<>();
        List<String> raised = new ArrayList<>();
        for (ControlRecord record : told.values()) {
            Optional<Table> table = Table.of(record);
            Long known = published.get(record.key());
            if (table.isPresent() && known == null) {
                if (isActive(record)) {
                    unknown.add(record.key());
                }
            } else if (table.isPresent() && known < record.revision()) {
                jdbi.useTransaction(handle -> raise(handle, table.get(), record));
                raised.add(record.key());
            }
        }
        jdbi.useTransaction(handle -> reserveNumbers(handle, told));
        if (!raised.isEmpty()) {
            LOG.warn(
                    "The application database was behind the control topic with {} entities, such"
                            + " as {}; they are published again with a larger revision. Was it"
                            + " restored from an older copy?",
                    raised.size(),
                    some(raised));
        }
        if (!unknown.isEmpty()) {
            LOG.warn(
                    "{} entities of the control topic are not in the application database, such as"
                            + " {}: they were made after the copy it was restored from. They go on"
                            + " working until they are made anew or the topic is.",
                    unknown.size(),
                    some(unknown));
        }
        return unknown;
    }

    /** What the database holds to be told, by key. */
    private static Map<String, Long> published(Handle handle) {
        Map<String, Long> published = new HashMap<>();
        handle.createQuery(
                        "SELECT 'organization/' || id, published_revision FROM organizations UNION"
                                + " ALL SELECT 'integration/' || opaque_id, published_revision FROM"
                                + " integrations UNION ALL SELECT key, published_revision FROM"
                                + " control_documents")
                .map((row, context) -> Map.entry(row.getString(1), row.getLong(2)))
                .forEach(entry -> published.put(entry.getKey(), entry.getValue()));
        return published;
    }

    /** Orders are carried out once, whoever knows of them. */
    private static boolean isActive(ControlRecord record) {
        return (record instanceof OrganizationControl organization
                        && organization.state() == State.ACTIVE)
                || (record instanceof IntegrationControl integration
                        && integration.state() == State.ACTIVE)
                || (record instanceof SubscriptionControl subscription
                        && subscription.state() == State.ACTIVE)
                || (record instanceof SyncTargetControl target && target.state() == State.ACTIVE);
    }

    /** Where entities of a kind are. */
    private enum Table {
        ORGANIZATIONS("organizations", "id::text", Kind.ORGANIZATION),
        INTEGRATIONS("integrations", "opaque_id", Kind.INTEGRATION),
        DOCUMENTS("control_documents", "key", Kind.DOCUMENT);

        private final String name;
        private final String key;
        private final Kind kind;

        Table(String name, String key, Kind kind) {
            this.name = name;
            this.key = key;
            this.kind = kind;
        }

        /** Empty for what has no revisions of ours: definitions, heartbeats, rotations. */
        static Optional<Table> of(ControlRecord record) {
            if (record instanceof OrganizationControl) {
                return Optional.of(ORGANIZATIONS);
            }
            if (record instanceof IntegrationControl) {
                return Optional.of(INTEGRATIONS);
            }
            return switch (record.key().substring(0, record.key().indexOf('/'))) {
                case "definition", "heartbeat", "rotation" -> Optional.empty();
                default -> Optional.of(DOCUMENTS);
            };
        }

        String keyOf(ControlRecord record) {
            return this == DOCUMENTS
                    ? record.key()
                    : record.key().substring(record.key().indexOf('/') + 1);
        }
    }

    private static void raise(Handle transaction, Table table, ControlRecord told) {
        long id =
                transaction
                        .createQuery(
                                "UPDATE "
                                        + table.name
                                        + " SET revision = greatest(revision, :told) + 1 WHERE "
                                        + table.key
                                        + " = :key RETURNING id")
                        .bind("told", told.revision())
                        .bind("key", table.keyOf(told))
                        .mapTo(Long.class)
                        .one();
        if (table == Table.DOCUMENTS) {
            writeIntoRecord(transaction, id);
        }
        ProvisioningQueue.add(transaction, table.kind, id);
    }

    /** A document's record says its revision, too. */
    private static void writeIntoRecord(Handle transaction, long id) {
        DocumentRow row = DocumentRow.find(transaction, id).orElseThrow();
        try {
            ObjectNode record = (ObjectNode) MAPPER.readTree(row.json());
            record.put("revision", row.revision());
            transaction.execute(
                    "UPDATE control_documents SET record = ? WHERE id = ?", record.toString(), id);
        } catch (JsonProcessingException | ClassCastException e) {
            throw new IllegalStateException("The stored record of " + row + " is unreadable", e);
        }
    }

    /** No new organization may get the number of one that the parts know. */
    private static void reserveNumbers(Handle transaction, Map<String, ControlRecord> told) {
        long largest =
                told.values().stream()
                        .filter(OrganizationControl.class::isInstance)
                        .mapToLong(record -> ((OrganizationControl) record).id())
                        .max()
                        .orElse(0);
        long last =
                transaction
                        .createQuery(
                                "SELECT last_value FROM pg_sequences WHERE schemaname ="
                                    + " current_schema() AND sequencename ="
                                    + " split_part(pg_get_serial_sequence('organizations', 'id'),"
                                    + " '.', 2)")
                        .mapTo(Long.class)
                        .findOne()
                        .orElse(0L);
        if (largest > last) {
            transaction
                    .createQuery(
                            "SELECT setval(pg_get_serial_sequence('organizations', 'id'), :last)")
                    .bind("last", largest)
                    .mapTo(Long.class)
                    .one();
        }
    }

    private static List<String> some(List<String> keys) {
        return keys.stream().sorted().limit(MOST_NAMED).toList();
    }
}

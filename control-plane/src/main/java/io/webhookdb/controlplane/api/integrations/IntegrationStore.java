package io.webhookdb.controlplane.api.integrations;

import io.webhookdb.controlplane.api.http.ApiException;
import io.webhookdb.controlplane.api.organizations.Migrations;
import io.webhookdb.controlplane.database.ProvisioningQueue;
import io.webhookdb.controlplane.database.StoredDefinitions;
import io.webhookdb.schemas.catalog.ServiceDefinition;
import io.webhookdb.schemas.catalog.Setup.StoredField;
import io.webhookdb.schemas.control.IntegrationControl.Deletion;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Collection;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.StatementContext;

/**
 * Integrations. Every change raises the revision and lists the integration for the provisioner, in
 * the caller's transaction.
 */
final class IntegrationStore {
    /** Column of each stored field. */
    private static final Map<StoredField, String> COLUMNS =
            new EnumMap<>(
                    Map.of(
                            StoredField.WEBHOOK_SECRET, "webhook_secret_encrypted",
                            StoredField.BACKFILL_KEY, "backfill_key_sealed",
                            StoredField.BACKFILL_SECRET, "backfill_secret_sealed",
                            StoredField.API_URL, "api_url",
                            StoredField.KEY_POINTER, "key_pointer"));

    private static final String SELECT = "SELECT * FROM integrations WHERE state = 'active' AND ";

    private IntegrationStore() {}

    static List<Integration> ofOrganization(Handle handle, long organization) {
        return handle.createQuery(SELECT + "organization_id = :organization ORDER BY id")
                .bind("organization", organization)
                .map(IntegrationStore::integration)
                .list();
    }

    /** By opaque id, service name or table name; the opaque id and the table are unique. */
    static List<Integration> find(Handle handle, long organization, String identifier) {
        return handle.createQuery(
                        SELECT
                                + "organization_id = :organization AND (opaque_id = :text OR"
                                + " table_name = :text OR service_name = :text) ORDER BY id")
                .bind("organization", organization)
                .bind("text", identifier)
                .map(IntegrationStore::integration)
                .list();
    }

    static boolean serviceInUse(Handle handle, long organization, String service) {
        return handle.createQuery(
                        "SELECT EXISTS (SELECT FROM integrations WHERE state = 'active' AND"
                                + " organization_id = :organization AND service_name = :service)")
                .bind("organization", organization)
                .bind("service", service)
                .mapTo(Boolean.class)
                .one();
    }

    /** Empty if the table name is taken. */
    static Optional<Integration> create(
            Handle handle, long organization, long creator, ServiceDefinition service) {
        return create(handle, organization, creator, service, IntegrationIds.opaqueId());
    }

    /** The same with a known opaque id. */
    static Optional<Integration> create(
            Handle handle,
            long organization,
            long creator,
            ServiceDefinition service,
            String opaqueId) {
        String hash = StoredDefinitions.ensure(handle, service);
        Optional<Integration> created =
                handle.createQuery(
                                "INSERT INTO integrations (opaque_id, organization_id,"
                                        + " service_name, definition_hash, table_name, created_by)"
                                        + " VALUES (:opaque, :organization, :service, :hash,"
                                        + " :table, :creator) ON CONFLICT DO NOTHING RETURNING *")
                        .bind("opaque", opaqueId)
                        .bind("organization", organization)
                        .bind("service", service.name())
                        .bind("hash", hash)
                        .bind("table", IntegrationIds.tableName(service.name()))
                        .bind("creator", creator)
                        .map(IntegrationStore::integration)
                        .findOne();
        created.ifPresent(integration -> listForProvisioning(handle, integration.id()));
        return created;
    }

    /** For an hour a secret is stored that the vendor gives in a handshake, while there is none. */
    static void awaitSecret(Handle handle, long id) {
        handle.execute(
                "UPDATE integrations SET secret_window_until = now() + interval '1 hour' WHERE id ="
                        + " ? AND state = 'active'",
                id);
    }

    /** Stores one field; null clears it. */
    static Integration store(Handle handle, long id, StoredField field, String value) {
        return changed(
                handle,
                handle.createQuery(
                                "UPDATE integrations SET "
                                        + COLUMNS.get(field)
                                        + " = :value, revision = revision + 1 WHERE id = :id AND"
                                        + " state = 'active' RETURNING *")
                        .bind("value", value)
                        .bind("id", id)
                        .map(IntegrationStore::integration)
                        .findOne()
                        .orElseThrow(IntegrationStore::ended));
    }

    /** Has an integration get another definition; a new epoch, as its rows may have other keys. */
    static Integration redefine(Handle handle, long id, ServiceDefinition service) {
        return changed(
                handle,
                handle.createQuery(
                                "UPDATE integrations SET wanted_definition = :hash, epoch = epoch"
                                        + " + 1, revision = revision + 1 WHERE id = :id AND state ="
                                        + " 'active' RETURNING *")
                        .bind("hash", StoredDefinitions.ensure(handle, service))
                        .bind("id", id)
                        .map(IntegrationStore::integration)
                        .findOne()
                        .orElseThrow(IntegrationStore::ended));
    }

    /**
     * Has all integrations of a service follow to another definition of the same table: they get it
     * when their table has its columns. What is in the table stays right, so the epoch does.
     *
     * @return their ids
     */
    static List<Long> follow(Handle handle, long organization, ServiceDefinition service) {
        List<Integration> found =
                ofOrganization(handle, organization).stream()
                        .filter(integration -> integration.service().equals(service.name()))
                        .toList();
        for (Integration integration : found) {
            String place = integration.stored().get(StoredField.KEY_POINTER);
            handle.execute(
                    "UPDATE integrations SET wanted_definition = ? WHERE id = ? AND state ="
                            + " 'active'",
                    StoredDefinitions.ensure(
                            handle, place == null ? service : service.keyedAt(place)),
                    integration.id());
        }
        found.forEach(integration -> listForProvisioning(handle, integration.id()));
        return found.stream().map(Integration::id).toList();
    }

    /** Clears fields and starts a new epoch: what jobs remember of its rows is void. */
    static Integration clear(Handle handle, long id, Collection<StoredField> fields) {
        String assignments =
                fields.stream()
                        .map(field -> COLUMNS.get(field) + " = NULL, ")
                        .sorted()
                        .collect(Collectors.joining());
        return changed(
                handle,
                handle.createQuery(
                                "UPDATE integrations SET "
                                        + assignments
                                        + "blank_answers = 0, epoch = epoch + 1, revision ="
                                        + " revision + 1 WHERE id = :id AND state = 'active'"
                                        + " RETURNING *")
                        .bind("id", id)
                        .map(IntegrationStore::integration)
                        .findOne()
                        .orElseThrow(IntegrationStore::ended));
    }

    /** Those of a service, the oldest first. */
    static List<Integration> ofService(Handle handle, long organization, String service) {
        return ofOrganization(handle, organization).stream()
                .filter(integration -> integration.service().equals(service))
                .toList();
    }

    /** Has one depend on another; empty if one of them has ended. */
    static Optional<Integration> dependOn(Handle handle, long id, long other) {
        handle.createQuery("SELECT id FROM integrations WHERE id = :id FOR NO KEY UPDATE")
                .bind("id", other)
                .mapTo(Long.class)
                .one();
        return handle.createQuery(
                        "UPDATE integrations SET depends_on = :other, blank_answers = 0, revision ="
                                + " revision + 1 WHERE id = :id AND state = 'active' AND EXISTS"
                                + " (SELECT FROM integrations WHERE id = :other AND state ="
                                + " 'active') RETURNING *")
                .bind("other", other)
                .bind("id", id)
                .map(IntegrationStore::integration)
                .findOne()
                .map(integration -> changed(handle, integration));
    }

    /** All that depend on one, however far; what depends on others first. */
    static List<Integration> dependents(Handle handle, long id) {
        return handle.createQuery(
                        "WITH RECURSIVE below (id, depth) AS (SELECT id, 1 FROM integrations WHERE"
                                + " depends_on = :id AND state = 'active' UNION SELECT i.id,"
                                + " b.depth + 1 FROM integrations i JOIN below b ON i.depends_on ="
                                + " b.id WHERE i.state = 'active') SELECT i.* FROM integrations i"
                                + " JOIN below b USING (id) ORDER BY b.depth DESC, i.id")
                .bind("id", id)
                .map(IntegrationStore::integration)
                .list();
    }

    /**
     * Lets nobody else decide which tables an organization is to have until the transaction ends:
     * what one may be called, and whether there is to be one, depends on the others.
     */
    static void lockTables(Handle handle, long organization) {
        handle.createQuery("SELECT id FROM organizations WHERE id = :id FOR NO KEY UPDATE")
                .bind("id", organization)
                .mapTo(Long.class)
                .one();
    }

    /** False if another integration has a table of that name, or is to have one. */
    static boolean renameTable(Handle handle, Integration integration, String name) {
        lockTables(handle, integration.organization());
        Migrations.requireNone(handle, integration.organization());
        boolean taken =
                handle.createQuery(
                                "SELECT EXISTS (SELECT FROM integrations WHERE organization_id ="
                                        + " :organization AND id <> :id AND table_dropped_at IS"
                                        + " NULL AND :name IN (table_name, built_table))")
                        .bind("organization", integration.organization())
                        .bind("id", integration.id())
                        .bind("name", name)
                        .mapTo(Boolean.class)
                        .one();
        if (taken) {
            return false;
        }
        handle.execute(
                "UPDATE integrations SET table_name = ?, revision = revision + 1 WHERE id = ? AND"
                        + " state = 'active'",
                name,
                integration.id());
        listForProvisioning(handle, integration.id());
        return true;
    }

    /** What becomes of rows deleted at the vendor from now on. */
    static void storeDeletion(Handle handle, long id, Deletion deletion) {
        handle.execute(
                "UPDATE integrations SET deletion = ?, revision = revision + 1 WHERE id = ? AND"
                        + " state = 'active'",
                deletion.name().toLowerCase(Locale.ROOT),
                id);
        listForProvisioning(handle, id);
    }

    /** How often it is polled; empty: as the catalogue says. */
    static void storePolling(Handle handle, long id, Optional<Long> seconds) {
        handle.createUpdate(
                        "UPDATE integrations SET poll_seconds = :seconds, revision = revision + 1"
                                + " WHERE id = :id AND state = 'active'")
                .bind("seconds", seconds.map(Long::intValue).orElse(null))
                .bind("id", id)
                .execute();
        listForProvisioning(handle, id);
    }

    /** Ends an integration; its secrets go at once, its row stays as a record of the deletion. */
    static void delete(Handle handle, long id) {
        handle.execute(
                "UPDATE integrations SET state = 'deleted', deleted_at = now(),"
                        + " webhook_secret_encrypted = NULL, backfill_key_sealed = NULL,"
                        + " backfill_secret_sealed = NULL, api_key_encrypted = NULL, api_key_hash ="
                        + " NULL, revision = revision + 1 WHERE id = ? AND state = 'active'",
                id);
        listForProvisioning(handle, id);
    }

    /** Not part of the control record, so there is nothing to provision. */
    static void storeApiKey(Handle handle, long id, String encrypted, byte[] hash) {
        handle.execute(
                "UPDATE integrations SET api_key_encrypted = ?, api_key_hash = ? WHERE id = ?"
                        + " AND state = 'active'",
                encrypted,
                hash,
                id);
    }

    /** Counts blank answers in a row; a conversation that is not blank starts anew. */
    static int countBlankAnswer(Handle handle, long id) {
        return handle.createQuery(
                        "UPDATE integrations SET blank_answers = blank_answers + 1 WHERE id = :id"
                                + " RETURNING blank_answers")
                .bind("id", id)
                .mapTo(Integer.class)
                .one();
    }

    static void forgetBlankAnswers(Handle handle, long id) {
        handle.execute(
                "UPDATE integrations SET blank_answers = 0 WHERE id = ? AND blank_answers <> 0",
                id);
    }

    private static Integration changed(Handle handle, Integration integration) {
        listForProvisioning(handle, integration.id());
        return integration;
    }

    /** It was there when the request came. */
    private static ApiException ended() {
        return ApiException.permission("There is no such integration any more.");
    }

    private static void listForProvisioning(Handle handle, long id) {
        ProvisioningQueue.add(handle, ProvisioningQueue.Kind.INTEGRATION, id);
    }

    private static Integration integration(ResultSet row, StatementContext context)
            throws SQLException {
        Map<StoredField, String> stored = new EnumMap<>(StoredField.class);
        for (Map.Entry<StoredField, String> column : COLUMNS.entrySet()) {
            String value = row.getString(column.getValue());
            if (value != null) {
                stored.put(column.getKey(), value);
            }
        }
        return new Integration(
                row.getLong("id"),
                row.getString("opaque_id"),
                row.getLong("organization_id"),
                row.getString("service_name"),
                row.getString("table_name"),
                Map.copyOf(stored),
                row.getString("api_key_encrypted"),
                Optional.ofNullable(row.getObject("poll_seconds", Integer.class))
                        .map(Integer::longValue),
                Deletion.valueOf(row.getString("deletion").toUpperCase(Locale.ROOT)),
                Optional.ofNullable(row.getObject("depends_on", Long.class)));
    }
}

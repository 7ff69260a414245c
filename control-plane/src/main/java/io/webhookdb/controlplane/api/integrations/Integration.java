package io.webhookdb.controlplane.api.integrations;

import io.webhookdb.schemas.catalog.Setup.StoredField;
import io.webhookdb.schemas.control.IntegrationControl.Deletion;
import java.util.Map;
import java.util.Optional;

/**
 * One integration as the application database has it.
 *
 * @param id numeric id
 * @param opaqueId public id
 * @param organization numeric id of its organization
 * @param service service name
 * @param table replica table
 * @param stored what setup prompts have filled so far, as stored: encrypted where it is secret;
 *     blank answers are absent
 * @param apiKeyEncrypted per-integration API key; null while none was made
 * @param pollSeconds seconds between polls; 0 for never, empty for what the catalogue says
 * @param deletion what becomes of rows deleted at the vendor
 * @param dependsOn numeric id of the integration this one depends on; empty if it depends on none,
 *     or none was chosen yet
 */
public record Integration(
        long id,
        String opaqueId,
        long organization,
        String service,
        String table,
        Map<StoredField, String> stored,
        String apiKeyEncrypted,
        Optional<Long> pollSeconds,
        Deletion deletion,
        Optional<Long> dependsOn) {

    boolean has(StoredField field) {
        return stored.containsKey(field);
    }

    /** The contract's form, with a text for the terminal. */
    public View view(String message) {
        return new View(opaqueId, service, table, message);
    }

    /** The contract's form. */
    public record View(String opaqueId, String serviceName, String tableName, String message) {}

    /** Never prints what is stored. */
    @Override
    public String toString() {
        return "Integration[" + opaqueId + " " + service + "]";
    }
}

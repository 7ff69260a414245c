package io.webhookdb.connectors.control;

import io.webhookdb.schemas.catalog.ServiceDefinition;
import io.webhookdb.schemas.control.ControlRecord;
import io.webhookdb.schemas.control.DefinitionControl;
import io.webhookdb.schemas.control.IntegrationControl;
import io.webhookdb.schemas.control.OrganizationControl;
import io.webhookdb.schemas.control.SubscriptionControl;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * What one subtask knows of organizations, integrations and definitions. Records may come in any
 * order and repeatedly: only a larger revision of an entity replaces what is known. Deleted
 * entities stay known as deleted. Not thread-safe.
 */
public final class ControlDirectory {
    private final Map<String, ControlRecord> records = new HashMap<>();

    /** The same once more by what every event asks for, which would otherwise build a key each. */
    private final Map<Long, OrganizationControl> organizations = new HashMap<>();

    private final Map<String, IntegrationControl> integrations = new HashMap<>();
    private final Map<String, ServiceDefinition> definitions = new HashMap<>();

    /** What became of a record. */
    public enum Applied {
        NEW,
        OUTDATED
    }

    /** Takes a record in, unless its revision is not larger than the known one. */
    public Applied apply(ControlRecord record) {
        ControlRecord known = records.get(record.key());
        if (known != null && known.revision() >= record.revision()) {
            return Applied.OUTDATED;
        }
        records.put(record.key(), record);
        if (record instanceof OrganizationControl organization) {
            organizations.put(organization.id(), organization);
        } else if (record instanceof IntegrationControl integration) {
            integrations.put(integration.id(), integration);
        } else if (record instanceof DefinitionControl definition) {
            definitions.put(definition.hash(), definition.definition());
        }
        return Applied.NEW;
    }

    /** The organization, deleted ones included; null if unknown. */
    public OrganizationControl organization(long id) {
        return organizations.get(id);
    }

    /** The integration, deleted ones included; null if unknown. */
    public IntegrationControl integration(String id) {
        return integrations.get(id);
    }

    /** The definition of that hash; null if unknown. */
    public ServiceDefinition definition(String hash) {
        return definitions.get(hash);
    }

    /** The subscription, deleted ones included. */
    public Optional<SubscriptionControl> subscription(String id) {
        return Optional.ofNullable((SubscriptionControl) records.get("subscription/" + id));
    }

    /** Everything that is known, deleted entities included, in no order. */
    public Stream<ControlRecord> records() {
        return records.values().stream();
    }
}

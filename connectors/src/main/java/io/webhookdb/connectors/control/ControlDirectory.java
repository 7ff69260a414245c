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
        return Applied.NEW;
    }

    /** The organization, deleted ones included; null if unknown. */
    public OrganizationControl organization(long id) {
        return (OrganizationControl) records.get(OrganizationControl.key(id));
    }

    /** The integration, deleted ones included; null if unknown. */
    public IntegrationControl integration(String id) {
        return (IntegrationControl) records.get(IntegrationControl.key(id));
    }

    /** The definition of that hash; null if unknown. */
    public ServiceDefinition definition(String hash) {
        DefinitionControl control = (DefinitionControl) records.get(DefinitionControl.key(hash));
        return control == null ? null : control.definition();
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

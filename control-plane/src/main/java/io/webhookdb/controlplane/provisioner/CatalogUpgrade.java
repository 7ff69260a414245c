package io.webhookdb.controlplane.provisioner;

import io.webhookdb.controlplane.database.ProvisioningQueue;
import io.webhookdb.controlplane.database.ProvisioningQueue.Kind;
import io.webhookdb.schemas.catalog.Catalog;
import io.webhookdb.schemas.catalog.ServiceDefinition;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Has integrations follow the catalogue of this release: their tables get the columns it has and
 * they do not. A definition that lacks a column, or has it with another type, is left alone.
 */
final class CatalogUpgrade {
    private static final Logger LOG = LoggerFactory.getLogger(CatalogUpgrade.class);

    private CatalogUpgrade() {}

    /** What integrations in use are made of. */
    private record Used(String service, String hash, String keyPointer) {
        /** As the integration chose its key. */
        ServiceDefinition keyed(ServiceDefinition newest) {
            return keyPointer == null ? newest : newest.keyedAt(keyPointer);
        }
    }

    /** Notes and lists what has to change. */
    static void run(Jdbi jdbi, Catalog catalog) {
        List<Used> all =
                jdbi.withHandle(
                        handle ->
                                handle.createQuery(
                                                "SELECT DISTINCT service_name,"
                                                    + " coalesce(wanted_definition,"
                                                    + " definition_hash), key_pointer FROM"
                                                    + " integrations i WHERE state = 'active' AND"
                                                    + " NOT EXISTS (SELECT FROM service_definitions"
                                                    + " s WHERE s.organization_id ="
                                                    + " i.organization_id AND s.service_name ="
                                                    + " i.service_name AND s.deleted_at IS NULL)")
                                        .map(
                                                (row, context) ->
                                                        new Used(
                                                                row.getString(1),
                                                                row.getString(2),
                                                                row.getString(3)))
                                        .list());
        for (Used used : all) {
            catalog.service(used.service())
                    .map(used::keyed)
                    .filter(newest -> !newest.hash().equals(used.hash()))
                    .ifPresent(newest -> jdbi.useTransaction(h -> upgrade(h, used, newest)));
        }
    }

    private static void upgrade(Handle handle, Used used, ServiceDefinition newest) {
        Optional<?> growth;
        try {
            growth = Growth.between(Definitions.read(handle, used.hash()), newest);
        } catch (IllegalStateException e) {
            LOG.error("Integrations of {} stay as they are", used.service(), e);
            return;
        }
        if (growth.isEmpty()) {
            LOG.warn(
                    "Integrations of {} keep definition {}: the catalogue's has other columns, not"
                            + " only more",
                    used.service(),
                    used.hash());
            return;
        }
        Definitions.store(handle, newest);
        List<Long> integrations =
                handle.createQuery(
                                "UPDATE integrations SET wanted_definition = :wanted WHERE"
                                        + " service_name = :service AND state = 'active' AND"
                                        + " coalesce(wanted_definition, definition_hash) = :hash"
                                        + " AND key_pointer IS NOT DISTINCT FROM :place"
                                        + " RETURNING id")
                        .bind("wanted", newest.hash())
                        .bind("service", used.service())
                        .bind("hash", used.hash())
                        .bind("place", used.keyPointer())
                        .mapTo(Long.class)
                        .list();
        integrations.forEach(id -> ProvisioningQueue.add(handle, Kind.INTEGRATION, id));
        LOG.info("{} integrations of {} follow the catalogue", integrations.size(), used.service());
    }
}

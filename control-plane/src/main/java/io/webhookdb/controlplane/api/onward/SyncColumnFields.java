package io.webhookdb.controlplane.api.onward;

import io.webhookdb.controlplane.api.http.ApiException;
import io.webhookdb.controlplane.api.http.Request;
import io.webhookdb.controlplane.api.integrations.Integration;
import io.webhookdb.controlplane.api.integrations.IntegrationDirectory;
import io.webhookdb.controlplane.api.organizations.Organization;
import io.webhookdb.controlplane.api.services.OrganizationCatalog;
import io.webhookdb.schemas.catalog.ServiceDefinition;
import io.webhookdb.schemas.control.SyncColumns;
import io.webhookdb.schemas.control.SyncColumns.Data;
import io.webhookdb.schemas.control.SyncTargetControl.Kind;
import io.webhookdb.schemas.control.SyncTargetSettings;
import io.webhookdb.schemas.control.SyncTargetSettings.Deletes;
import io.webhookdb.security.keyset.SecretSealer;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/** The parameters that say what of a row a target gets to see, and what becomes of deleted ones. */
final class SyncColumnFields {
    private static final String ONLY = "columns";
    private static final String DROP = "drop";
    private static final String HASH = "hash";
    private static final String DATA = "data";
    private static final String DELETES = "deletes";
    private static final int KEY_BYTES = 32;
    private static final Set<Kind> REMOVING = EnumSet.complementOf(EnumSet.of(Kind.HTTP, Kind.SQS));

    /**
     * A target, as far as its settings depend on it.
     *
     * @param id opaque id
     */
    record Destination(String id, Kind kind) {}

    private final ColumnNames columns;
    private final SecretSealer sealer;
    private final SecureRandom random = new SecureRandom();

    SyncColumnFields(
            OrganizationCatalog catalog, IntegrationDirectory integrations, SecretSealer sealer) {
        this.columns = new ColumnNames(catalog, integrations);
        this.sealer = sealer;
    }

    /** Whether a request says anything about it. */
    static boolean areGiven(Request request) {
        return Stream.of(ONLY, DROP, HASH, DATA, DELETES).anyMatch(request::given);
    }

    /**
     * The settings a request asks for; what it does not name stays as it is.
     *
     * @param integration null if the target takes all of the organization's
     * @param target whose settings they are
     */
    SyncTargetSettings read(
            Request request,
            Organization organization,
            Integration integration,
            Destination target,
            SyncTargetSettings now) {
        SyncColumns before = now.columns();
        List<String> only = names(request, ONLY, before.only());
        List<String> dropped = names(request, DROP, before.dropped());
        List<String> hashed = names(request, HASH, before.hashed());
        List<ServiceDefinition> services = columns.services(organization, integration);
        // A name nobody has would protect nothing.
        ColumnNames.refuseUnknown(ONLY, only, services);
        ColumnNames.refuseUnknown(DROP, dropped, services);
        ColumnNames.refuseUnknown(HASH, hashed, services);
        for (ServiceDefinition service : services) {
            String key = service.key().column();
            if (dropped.contains(key)) {
                throw ApiException.validation(
                        DROP, key + " is the key of its table; it can be hashed, not dropped");
            }
        }
        for (String name : hashed) {
            if (dropped.contains(name)) {
                throw ApiException.validation(
                        HASH, name + " is dropped; a column is dropped or hashed, not both");
            }
        }
        String key = before.hashKeyCiphertext();
        return now.showing(
                        new SyncColumns(
                                only,
                                dropped,
                                hashed,
                                data(request, before.data()),
                                hashed.isEmpty() || key != null ? key : newKey(target.id())))
                .deleting(deletes(request, target.kind(), now.deletes()));
    }

    private static List<String> names(Request request, String field, List<String> now) {
        return request.given(field) ? request.texts(field).stream().distinct().toList() : now;
    }

    private static Data data(Request request, Data now) {
        return switch (request.given(DATA) ? request.text(DATA) : "as it is") {
            case "as it is" -> now;
            case "", "auto" -> Data.IF_ALL_IS_SHOWN;
            case "keep" -> Data.KEPT;
            case "drop" -> Data.DROPPED;
            default -> throw ApiException.validation(DATA, "must be auto, keep or drop");
        };
    }

    private static Deletes deletes(Request request, Kind kind, Deletes now) {
        if (request.text(DELETES).equals("remove") && !REMOVING.contains(kind)) {
            throw ApiException.validation(
                    DELETES,
                    "must be mark: a receiver of pages or messages cannot be told to remove rows");
        }
        return switch (request.given(DELETES) ? request.text(DELETES) : "as it is") {
            case "as it is" -> now;
            case "", "mark" -> Deletes.MARKED;
            case "remove" -> Deletes.REMOVED;
            default -> throw ApiException.validation(DELETES, "must be mark or remove");
        };
    }

    private String newKey(String target) {
        byte[] key = new byte[KEY_BYTES];
        random.nextBytes(key);
        return sealer.seal(
                Base64.getEncoder().encodeToString(key), SyncColumns.hashKeyContext(target));
    }
}

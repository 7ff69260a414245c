package io.webhookdb.connectors.backfill;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.webhookdb.connectors.control.ControlDirectory;
import io.webhookdb.schemas.catalog.Backfill;
import io.webhookdb.schemas.catalog.Backfill.Credentials;
import io.webhookdb.schemas.catalog.BackfillToken;
import io.webhookdb.schemas.catalog.BackfillValue;
import io.webhookdb.schemas.catalog.ServiceDefinition;
import io.webhookdb.schemas.catalog.Setup.StoredField;
import io.webhookdb.schemas.control.ControlRecord;
import io.webhookdb.schemas.control.ControlRecord.State;
import io.webhookdb.schemas.control.IntegrationControl;
import io.webhookdb.schemas.control.OrganizationControl;
import io.webhookdb.schemas.control.VendorAccess;
import io.webhookdb.security.keyset.SecretOpener;
import io.webhookdb.security.keyset.SecretUnreadableException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** What control says about integrations that can be fetched. Not thread-safe. */
final class BackfillDirectory {
    /** Longest chain of dependencies. */
    private static final int DEEPEST = 5;

    private final ControlDirectory directory;
    private final Map<String, String> apiBases;
    private final SecretOpener opener;
    private final Map<Long, TreeMap<String, IntegrationControl>> byOrganization = new HashMap<>();
    private final Map<String, Opened> opened = new HashMap<>();

    /** Credentials of one revision of an integration. */
    private record Opened(long revision, Map<StoredField, String> fields) {}

    /**
     * Everything a run needs to go on.
     *
     * @param source integrations' tables lie in its database
     * @param access credentials; a field it lacks is told by {@link Access#missing}
     */
    record Known(
            IntegrationControl integration,
            ServiceDefinition service,
            OrganizationControl source,
            Access access) {
        Backfill backfill() {
            return service.backfill();
        }
    }

    BackfillDirectory(
            ControlDirectory directory, Map<String, String> apiBases, SecretOpener opener) {
        this.directory = directory;
        this.apiBases = apiBases;
        this.opener = opener;
        directory.records().forEach(this::apply);
    }

    /** Takes a record in that the directory has taken in. */
    void apply(ControlRecord record) {
        if (record instanceof IntegrationControl integration) {
            byOrganization
                    .computeIfAbsent(integration.organization(), id -> new TreeMap<>())
                    .put(integration.id(), integration);
        }
    }

    /** All integrations in use that can be fetched, as far as their definitions are known. */
    List<IntegrationControl> fetchable() {
        List<IntegrationControl> found = new ArrayList<>();
        byOrganization
                .values()
                .forEach(
                        integrations ->
                                integrations.values().stream()
                                        .filter(one -> service(one) != null)
                                        .filter(one -> service(one).backfill() != null)
                                        .forEach(found::add));
        return found;
    }

    /** Integrations of an organization, deleted ones left out. */
    Collection<IntegrationControl> of(long organization) {
        return byOrganization.getOrDefault(organization, new TreeMap<>()).values().stream()
                .filter(integration -> integration.state() != State.DELETED)
                .toList();
    }

    IntegrationControl integration(String id) {
        return directory.integration(id);
    }

    /** Whether the integration or its organization is known to be gone. */
    boolean isGone(String id) {
        IntegrationControl integration = directory.integration(id);
        if (integration == null) {
            return false;
        }
        OrganizationControl organization = directory.organization(integration.organization());
        return integration.state() == State.DELETED
                || (organization != null && organization.state() == State.DELETED);
    }

    /** Whether an integration is one of owners, to which their backends post. */
    boolean takesMessages(String id) {
        IntegrationControl integration = directory.integration(id);
        ServiceDefinition service = integration == null ? null : service(integration);
        return service != null && service.owners() != null;
    }

    /** Empty while a record is missing, or if integration or organization is deleted. */
    Optional<Known> find(String id) {
        IntegrationControl integration = directory.integration(id);
        if (integration == null || isGone(id)) {
            return Optional.empty();
        }
        ServiceDefinition service = service(integration);
        OrganizationControl organization = directory.organization(integration.organization());
        return service == null || organization == null
                ? Optional.empty()
                : Optional.of(
                        new Known(
                                integration, service, organization, access(integration, service)));
    }

    /** The integration of that service in the same organization, the oldest known id first. */
    Optional<IntegrationControl> ofService(long organization, String service) {
        return of(organization).stream()
                .filter(integration -> integration.service().equals(service))
                .min(Comparator.comparing(IntegrationControl::id));
    }

    /**
     * The integration of a service that this one depends on, near or far: the one that was chosen;
     * where none was, one that depends on what this one does, or else the first of that service.
     */
    Optional<IntegrationControl> ancestor(IntegrationControl integration, String service) {
        IntegrationControl current = integration;
        for (int depth = 0; depth < DEEPEST && current.dependsOn() != null; depth++) {
            IntegrationControl chosen = directory.integration(current.dependsOn());
            if (chosen == null || isGone(chosen.id())) {
                break;
            }
            if (chosen.service().equals(service)) {
                return Optional.of(chosen);
            }
            current = chosen;
        }
        return of(integration.organization()).stream()
                .filter(other -> other.service().equals(service))
                .filter(other -> Succession.areSiblings(integration, other))
                .min(Comparator.comparing(IntegrationControl::id))
                .or(() -> ofService(integration.organization(), service));
    }

    /**
     * Integrations that are filled after this one: those that depend on it, unless their rows are
     * fetched for the rows of a sibling. Then they are filled after that.
     */
    List<IntegrationControl> children(IntegrationControl parent) {
        return of(parent.organization()).stream()
                .filter(
                        child -> {
                            ServiceDefinition service = service(child);
                            return service != null
                                    && service.backfill() != null
                                    && Succession.isAfter(child, service, parent);
                        })
                .toList();
    }

    ServiceDefinition service(IntegrationControl integration) {
        return directory.definition(integration.definition());
    }

    /**
     * Names the account at the vendor: what shares its limits. Holds no credential.
     *
     * @return empty while the definition is not known
     */
    Optional<String> account(IntegrationControl integration) {
        ServiceDefinition service = service(integration);
        if (service == null) {
            return Optional.empty();
        }
        if (service.backfill() == null) {
            return children(integration).stream().findFirst().flatMap(this::account);
        }
        BackfillToken token = OwnerTokens.of(service.backfill().auth());
        if (token != null) {
            // Owners' messages and notifications come to their integration, and find it all there.
            return ancestor(integration, token.service()).map(IntegrationControl::id);
        }
        Access access = access(integration, service);
        boolean ofRows =
                service.backfill().fanOut() != null && service.backfill().fanOut().visit() != null;
        if (ofRows || access.missing(service.backfill()).isPresent()) {
            return Optional.of(service.vendor() + "/" + integration.id());
        }
        StringBuilder identity =
                new StringBuilder(service.vendor()).append('\n').append(access.base());
        for (StoredField field : List.of(StoredField.BACKFILL_KEY, StoredField.BACKFILL_SECRET)) {
            identity.append('\n').append(access.fields().getOrDefault(field, ""));
        }
        return Optional.of(service.vendor() + "/" + digest(identity.toString()));
    }

    private Access access(IntegrationControl integration, ServiceDefinition service) {
        Backfill backfill = service.backfill();
        if (backfill == null) {
            return new Access(null, Map.of());
        }
        IntegrationControl holder =
                backfill.credentials() == Credentials.INHERITED
                        ? holder(integration, service)
                        : integration;
        Map<StoredField, String> fields = fields(holder);
        BackfillToken token = OwnerTokens.of(backfill.auth());
        OwnerTokens owners =
                token == null
                        ? null
                        : ancestor(integration, token.service())
                                .map(one -> new OwnerTokens(opener, one.id(), token.member()))
                                .orElse(null);
        return new Access(
                base(backfill, service.vendor(), fields),
                fields,
                owners,
                owners == null ? null : apiBases.get(service.vendor()));
    }

    private String base(Backfill backfill, String vendor, Map<StoredField, String> fields) {
        String other = apiBases.get(vendor);
        BackfillValue base = backfill.base();
        if (other != null || base == null) {
            return other;
        }
        if (base.parent() != null) {
            return null;
        }
        String url = base.text() != null ? base.text() : fields.get(base.stored());
        boolean whole = url == null || backfill.path().isEmpty();
        return whole ? url : url.replaceAll("/+$", "");
    }

    /** The nearest ancestor that stores credentials; the integration itself if none does. */
    private IntegrationControl holder(IntegrationControl integration, ServiceDefinition service) {
        IntegrationControl current = integration;
        ServiceDefinition definition = service;
        for (int depth = 0;
                depth < DEEPEST && definition != null && definition.parent() != null;
                depth++) {
            Optional<IntegrationControl> parent = ancestor(current, definition.parent());
            if (parent.isEmpty()) {
                break;
            }
            current = parent.get();
            if (current.access() != null
                    && (current.access().keyCiphertext() != null
                            || current.access().secretCiphertext() != null)) {
                return current;
            }
            definition = service(current);
        }
        return integration;
    }

    private Map<StoredField, String> fields(IntegrationControl integration) {
        Opened known = opened.get(integration.id());
        if (known != null && known.revision() == integration.revision()) {
            return known.fields();
        }
        Map<StoredField, String> fields = new EnumMap<>(StoredField.class);
        VendorAccess access = integration.access();
        if (access != null) {
            open(integration, StoredField.BACKFILL_KEY, access.keyCiphertext(), fields);
            open(integration, StoredField.BACKFILL_SECRET, access.secretCiphertext(), fields);
            if (access.apiUrl() != null) {
                fields.put(StoredField.API_URL, access.apiUrl());
            }
        }
        opened.put(integration.id(), new Opened(integration.revision(), fields));
        return fields;
    }

    /** What cannot be opened is as good as not there: the run then says what is missing. */
    private void open(
            IntegrationControl integration,
            StoredField field,
            String ciphertext,
            Map<StoredField, String> fields) {
        if (ciphertext == null) {
            return;
        }
        try {
            fields.put(
                    field, opener.open(ciphertext, VendorAccess.context(integration.id(), field)));
        } catch (SecretUnreadableException e) {
            fields.remove(field);
        }
    }

    private static String digest(String identity) {
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(identity.getBytes(UTF_8));
            return HexFormat.of().formatHex(hash, 0, 16);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every Java runtime has SHA-256", e);
        }
    }
}

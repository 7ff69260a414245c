package io.webhookdb.ingest;

import io.webhookdb.ingest.Lookup.Missing;
import io.webhookdb.schemas.catalog.ServiceDefinition;
import io.webhookdb.schemas.control.ControlHeartbeat;
import io.webhookdb.schemas.control.ControlRecord;
import io.webhookdb.schemas.control.ControlRecord.State;
import io.webhookdb.schemas.control.DefinitionControl;
import io.webhookdb.schemas.control.IntegrationControl;
import io.webhookdb.schemas.control.IntegrationControl.VerificationMode;
import io.webhookdb.schemas.control.OrganizationControl;
import io.webhookdb.schemas.control.RotationControl;
import io.webhookdb.security.keyset.SecretCipher;
import io.webhookdb.security.keyset.SecretSealer;
import io.webhookdb.security.keyset.SecretUnreadableException;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.MDC;

/**
 * The integrations as the control topic tells them: written by one thread in the topic's order,
 * read by all. Whatever the order in which an integration and its definition arrive, and however
 * often they are repeated, the largest revision is served.
 */
final class ControlView {
    private static final Logger LOG = LoggerFactory.getLogger(ControlView.class);

    private final SecretCipher cipher;
    private final Optional<SecretSealer> sealer;
    private final Map<String, Entry> integrations = new ConcurrentHashMap<>();
    private final Map<String, ServiceDefinition> definitions = new HashMap<>();
    private final Map<String, Set<String>> awaitingDefinition = new HashMap<>();
    private final Map<Kind, Set<String>> children = new ConcurrentHashMap<>();
    private volatile long completeAsOfMicros = Long.MIN_VALUE;
    private volatile long rotatedMicros;
    private volatile boolean readToEnd = true;

    ControlView(SecretCipher cipher) {
        this(cipher, Optional.empty());
    }

    /**
     * @param sealer seals owners' credentials; empty: services that take some cannot be served
     */
    ControlView(SecretCipher cipher, Optional<SecretSealer> sealer) {
        this.cipher = cipher;
        this.sealer = sealer;
    }

    /**
     * What is known of an integration.
     *
     * @param arrivedMicros when the request came; an unknown integration counts as absent only once
     *     everything published before that time has been read
     */
    Lookup find(String integration, long arrivedMicros) {
        if (!readToEnd) {
            // What is known so far may be years old: a former secret, an integration long deleted.
            return Missing.UNDECIDED;
        }
        // Read before the map: what was published before the heartbeat is in the map by then.
        boolean complete = completeAsOfMicros >= arrivedMicros;
        Entry entry = integrations.get(integration);
        if (entry != null) {
            return entry.lookup();
        }
        return complete ? Missing.ABSENT : Missing.UNDECIDED;
    }

    /** The integrations of a service with a parent that can be served, of one organization. */
    List<Endpoint> children(long organization, String service) {
        return children.getOrDefault(new Kind(organization, service), Set.of()).stream()
                .map(integrations::get)
                .filter(Objects::nonNull)
                .map(Entry::lookup)
                .filter(Lookup.Found.class::isInstance)
                .map(found -> ((Lookup.Found) found).endpoint())
                .sorted(Comparator.comparing(Endpoint::integration))
                .toList();
    }

    /** A reader begins to read the topic: nothing is decided before {@link #hasReadToEnd}. */
    void beginsToRead() {
        readToEnd = false;
    }

    /**
     * Everything that was on the topic has been applied.
     *
     * @return whether that is news
     */
    boolean hasReadToEnd() {
        boolean news = !readToEnd;
        readToEnd = true;
        return news;
    }

    /** Time up to which everything published is known, microseconds since the epoch. */
    long completeAsOfMicros() {
        return completeAsOfMicros;
    }

    /** Time of the last rotation of keys all of whose records are known; 0 before the first. */
    long rotatedMicros() {
        return rotatedMicros;
    }

    /** Integrations known, deleted ones included. */
    int size() {
        return integrations.size();
    }

    /** Takes one record, in the topic's order. */
    synchronized void apply(ControlRecord record) {
        if (record instanceof IntegrationControl integration) {
            apply(integration);
        } else if (record instanceof DefinitionControl definition) {
            apply(definition);
        } else if (record instanceof ControlHeartbeat heartbeat) {
            completeAsOfMicros = Math.max(completeAsOfMicros, heartbeat.asOfMicros());
        } else if (record instanceof RotationControl rotation) {
            rotatedMicros = Math.max(rotatedMicros, rotation.asOfMicros());
        } else if (record instanceof OrganizationControl) {
            // Nothing of an organization matters here: its deletion deletes its integrations.
            return;
        }
    }

    private void apply(IntegrationControl integration) {
        Entry known = integrations.get(integration.id());
        if (known == null || known.isReplacedBy(integration)) {
            integrations.put(integration.id(), new Entry(integration, prepare(integration)));
        }
    }

    private void apply(DefinitionControl definition) {
        if (definitions.putIfAbsent(definition.hash(), definition.definition()) == null) {
            Set<String> waiting = awaitingDefinition.remove(definition.hash());
            if (waiting != null) {
                waiting.forEach(
                        id ->
                                integrations.computeIfPresent(
                                        id,
                                        (key, entry) ->
                                                new Entry(
                                                        entry.control(),
                                                        prepare(entry.control()))));
            }
        }
    }

    private Lookup prepare(IntegrationControl integration) {
        if (integration.state() == State.DELETED) {
            Set<String> kin =
                    children.get(new Kind(integration.organization(), integration.service()));
            if (kin != null) {
                kin.remove(integration.id());
            }
            return Missing.ABSENT;
        }
        ServiceDefinition definition = definitions.get(integration.definition());
        if (definition == null) {
            awaitingDefinition
                    .computeIfAbsent(integration.definition(), hash -> new HashSet<>())
                    .add(integration.id());
            return Missing.UNDECIDED;
        }
        if (!definition.supportsWebhooks()) {
            return Missing.NOT_PUSHED;
        }
        if (definition.parent() != null) {
            children.computeIfAbsent(
                            new Kind(integration.organization(), integration.service()),
                            kind -> ConcurrentHashMap.newKeySet())
                    .add(integration.id());
        }
        try {
            return new Lookup.Found(
                    Endpoint.of(integration, definition, secret(integration), sealer));
        } catch (SecretUnreadableException | IllegalArgumentException e) {
            unusable(integration, e.getMessage());
            return Missing.UNUSABLE;
        }
    }

    private static void unusable(IntegrationControl integration, String why) {
        String organization = Long.toString(integration.organization());
        MDC.put("organization", organization);
        MDC.put("integration", integration.id());
        try {
            LOG.error(
                    "Integration {} of organization {} cannot be served: {}",
                    integration.id(),
                    organization,
                    why);
        } finally {
            MDC.remove("organization");
            MDC.remove("integration");
        }
    }

    private String secret(IntegrationControl integration) {
        if (integration.webhookSecretCiphertext() == null
                || integration.verificationMode() == VerificationMode.SKIP) {
            return null;
        }
        return cipher.decrypt(
                integration.webhookSecretCiphertext(),
                IntegrationControl.webhookSecretContext(integration.id()));
    }

    /** What a root hands events to. */
    private record Kind(long organization, String service) {}

    private record Entry(IntegrationControl control, Lookup lookup) {
        /** A repetition is taken only where it may help: the key may have come meanwhile. */
        boolean isReplacedBy(IntegrationControl other) {
            return other.revision() > control.revision()
                    || (other.revision() == control.revision() && lookup == Missing.UNUSABLE);
        }
    }
}

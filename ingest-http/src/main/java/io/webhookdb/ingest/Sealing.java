package io.webhookdb.ingest;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.webhookdb.schemas.catalog.Owners;
import io.webhookdb.schemas.catalog.Owners.Seal;
import io.webhookdb.schemas.catalog.ServiceDefinition;
import io.webhookdb.security.keyset.SecretSealer;
import java.io.IOException;
import java.util.List;
import java.util.Optional;

/**
 * Credentials of owners in what is posted: sealed before anything keeps the request, so that they
 * stand nowhere in clear. Ingest cannot open what it sealed.
 */
final class Sealing {
    private static final JsonMapper JSON =
            JsonMapper.builder()
                    .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
                    .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
                    .nodeFactory(JsonNodeFactory.withExactBigDecimals(true))
                    .build();

    private final String integration;
    private final List<Seal> members;
    private final SecretSealer sealer;

    private Sealing(String integration, List<Seal> members, SecretSealer sealer) {
        this.integration = integration;
        this.members = members;
        this.sealer = sealer;
    }

    /**
     * What is sealed of an integration's requests.
     *
     * @param sealer empty if this process was given no public key
     * @throws IllegalArgumentException if it has to seal and cannot
     */
    static Sealing of(
            String integration, ServiceDefinition definition, Optional<SecretSealer> sealer) {
        Owners owners = definition.owners();
        if (owners == null) {
            return new Sealing(integration, List.of(), null);
        }
        return new Sealing(
                integration,
                owners.seal(),
                sealer.orElseThrow(
                        () ->
                                new IllegalArgumentException(
                                        "Service "
                                                + definition.name()
                                                + " takes credentials of owners, so ingest needs"
                                                + " connections.public.json in"
                                                + " WEBHOOKDB_KEYSETS.")));
    }

    /** Whether bodies are kept as they come. */
    boolean isNone() {
        return members.isEmpty();
    }

    /**
     * The body as it may be kept.
     *
     * @return empty if it is no JSON: then it cannot be told what in it is a credential
     */
    Optional<byte[]> body(byte[] received) {
        if (isNone()) {
            return Optional.of(received);
        }
        try {
            JsonNode root = received.length == 0 ? null : JSON.readTree(received);
            if (root == null || !root.isContainerNode()) {
                return Optional.empty();
            }
            return Optional.of(seal(root) ? JSON.writeValueAsBytes(root) : received);
        } catch (JsonProcessingException e) {
            return Optional.empty();
        } catch (IOException e) {
            throw new IllegalStateException("A byte array cannot fail to be read", e);
        }
    }

    private boolean seal(JsonNode node) {
        boolean sealed = false;
        if (node instanceof ObjectNode object) {
            for (Seal member : members) {
                JsonNode value = object.remove(member.member());
                if (value != null) {
                    sealed = true;
                    if (!value.isNull()) {
                        object.put(member.into(), seal(member, value));
                    }
                }
            }
        }
        for (JsonNode child : node) {
            sealed |= seal(child);
        }
        return sealed;
    }

    private String seal(Seal member, JsonNode value) {
        String secret = value.isValueNode() ? value.asText() : value.toString();
        return sealer.seal(secret, Owners.context(integration, member.member()));
    }
}

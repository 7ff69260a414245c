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
import io.webhookdb.security.signature.ChannelToken;
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

    /** Sealed key of the integration's channels; null: it has none. */
    private final String channelKey;

    private Sealing(
            String integration, List<Seal> members, SecretSealer sealer, String channelKey) {
        this.integration = integration;
        this.members = members;
        this.sealer = sealer;
        this.channelKey = channelKey;
    }

    /**
     * What is sealed of an integration's requests.
     *
     * @param secret the webhook secret, or null
     * @param sealer empty if this process was given no public key
     * @throws IllegalArgumentException if it has to seal and cannot
     */
    static Sealing of(
            String integration,
            ServiceDefinition definition,
            String secret,
            Optional<SecretSealer> sealer) {
        Owners owners = definition.owners();
        if (owners == null) {
            return new Sealing(integration, List.of(), null, null);
        }
        SecretSealer given =
                sealer.orElseThrow(
                        () ->
                                new IllegalArgumentException(
                                        "Service "
                                                + definition.name()
                                                + " takes credentials of owners, so ingest needs"
                                                + " connections.public.json in"
                                                + " WEBHOOKDB_KEYSETS."));
        String channelKey =
                owners.channels() == null || !hasSecret(secret)
                        ? null
                        : given.seal(
                                ChannelToken.key(secret, integration),
                                Owners.context(integration, Owners.CHANNEL_KEY));
        return new Sealing(integration, owners.seal(), given, channelKey);
    }

    /** An integration may have none yet, or an empty one where nothing is signed. */
    static boolean hasSecret(String secret) {
        return secret != null && !secret.isEmpty();
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
        // Notifications have no body.
        if (isNone() || received.length == 0) {
            return Optional.of(received);
        }
        try {
            JsonNode root = JSON.readTree(received);
            if (!root.isContainerNode()) {
                return Optional.empty();
            }
            boolean sealed = seal(root);
            if (channelKey != null && root instanceof ObjectNode message) {
                message.put(Owners.CHANNEL_KEY, channelKey);
                sealed = true;
            }
            return Optional.of(sealed ? JSON.writeValueAsBytes(root) : received);
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

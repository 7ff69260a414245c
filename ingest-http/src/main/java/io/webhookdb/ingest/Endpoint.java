package io.webhookdb.ingest;

import io.webhookdb.schemas.catalog.Owners;
import io.webhookdb.schemas.catalog.Reply;
import io.webhookdb.schemas.catalog.ServiceDefinition;
import io.webhookdb.schemas.catalog.Verification;
import io.webhookdb.schemas.control.IntegrationControl;
import io.webhookdb.schemas.control.IntegrationControl.VerificationMode;
import io.webhookdb.security.keyset.SecretSealer;
import io.webhookdb.security.signature.ChannelProof;
import io.webhookdb.security.signature.ChannelToken;
import io.webhookdb.security.signature.Handshakes;
import io.webhookdb.security.signature.SignatureVerifier;
import java.util.Optional;

/**
 * One integration, prepared to serve requests.
 *
 * @param integration opaque id
 * @param organization numeric id of its organization
 * @param revision revision of the integration
 * @param mode whether requests are verified
 * @param verifier checks requests; holds the secret
 * @param handshakes answers what wants no event to be made of it; holds the secret
 * @param accepted headers kept with accepted events
 * @param rejected headers kept with rejected ones: also the signature, so that they can be checked
 *     again when the secret is right
 * @param statusWithoutSecret HTTP status while no secret is set
 * @param reply answer to accepted requests
 * @param channels judges vendors' notifications on channels; holds the secret
 * @param sealing what is sealed before a request is kept
 * @param routing tables of other integrations that requests are for
 */
record Endpoint(
        String integration,
        long organization,
        long revision,
        VerificationMode mode,
        SignatureVerifier verifier,
        Handshakes handshakes,
        KeptHeaders accepted,
        KeptHeaders rejected,
        int statusWithoutSecret,
        Reply reply,
        ChannelProof channels,
        Sealing sealing,
        Routing routing) {

    /**
     * Joins an integration with its definition.
     *
     * @param secret the decrypted webhook secret, or null
     * @param sealer seals owners' credentials; empty if this process has no key for that
     * @throws IllegalArgumentException if the definition cannot verify requests
     */
    static Endpoint of(
            IntegrationControl integration,
            ServiceDefinition definition,
            String secret,
            Optional<SecretSealer> sealer) {
        Verification verification = definition.verification();
        if (verification == null) {
            throw new IllegalArgumentException(
                    "Service " + definition.name() + " does not say how to verify requests.");
        }
        return new Endpoint(
                integration.id(),
                integration.organization(),
                integration.revision(),
                integration.verificationMode(),
                SignatureVerifier.prepare(verification, secret),
                Handshakes.of(verification.handshakes(), secret),
                KeptHeaders.ofAccepted(definition),
                KeptHeaders.ofRejected(definition),
                verification.statusWithoutSecret(),
                definition.reply(),
                channels(integration, definition, secret),
                Sealing.of(integration.id(), definition, secret, sealer),
                new Routing(definition.routes()));
    }

    private static ChannelProof channels(
            IntegrationControl integration, ServiceDefinition definition, String secret) {
        Owners owners = definition.owners();
        if (owners == null || owners.channels() == null) {
            return ChannelProof.of(null, null);
        }
        return ChannelProof.of(
                owners.channels(),
                Sealing.hasSecret(secret) ? ChannelToken.key(secret, integration.id()) : null);
    }

    boolean skipsVerification() {
        return mode == VerificationMode.SKIP;
    }

    /** Never prints what a verifier might show. */
    @Override
    public String toString() {
        return "Endpoint[" + integration + " r" + revision + "]";
    }
}

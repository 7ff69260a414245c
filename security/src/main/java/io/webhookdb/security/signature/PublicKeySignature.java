package io.webhookdb.security.signature;

import io.webhookdb.schemas.catalog.Verification;
import java.security.PublicKey;
import java.util.List;
import java.util.Optional;

/**
 * Signature of a text put together from parts, checked with the vendor's public key: SendGrid
 * (ECDSA over time and body; "Getting Started with the Event Webhook Security Features"), Discord
 * (Ed25519 over time and body).
 */
final class PublicKeySignature implements SignatureVerifier {
    private final Verification verification;
    private final PartsProof proof;
    private final SignedParts parts;
    private final PublicKey key;

    PublicKeySignature(Verification verification, PublicKey key) {
        this.verification = verification;
        this.proof = new PartsProof(verification);
        this.parts = new SignedParts(verification.signed(), "");
        this.key = key;
    }

    @Override
    public Verdict verify(SignedRequest request) {
        return proof.judge(request, this::refusal);
    }

    private Optional<Verdict> refusal(SignedRequest request, List<String> signatures) {
        return parts.candidates(request).stream()
                        .anyMatch(
                                text ->
                                        signatures.stream()
                                                .anyMatch(
                                                        signature ->
                                                                PublicKeys.matches(
                                                                        verification.algorithm(),
                                                                        key,
                                                                        verification.encoding(),
                                                                        signature,
                                                                        text)))
                ? Optional.empty()
                : Optional.of(proof.mismatch());
    }
}

package io.webhookdb.security.signature;

import io.webhookdb.schemas.catalog.SignedPart;
import io.webhookdb.schemas.catalog.Verification;
import java.util.List;
import java.util.Optional;

/**
 * HMAC of a text put together from parts: Slack ({@code v0:<time>:<body>}), Square (URL, then
 * body), HubSpot (method, URL, body, time), Twilio (URL, then the sorted form), Mailgun (time and
 * token out of the body), Plivo (URL without query, then the nonce).
 */
final class PartsHmac implements SignatureVerifier {
    private final PartsProof proof;
    private final SignedParts parts;
    private final PreparedMac mac;

    PartsHmac(Verification verification, List<SignedPart> signed, String secret) {
        this.proof = new PartsProof(verification);
        this.parts = new SignedParts(signed, secret);
        this.mac = PreparedMac.of(verification, secret);
    }

    @Override
    public Verdict verify(SignedRequest request) {
        return proof.judge(request, this::refusal);
    }

    private Optional<Verdict> refusal(SignedRequest request, List<String> signatures) {
        for (byte[][] candidate : parts.candidates(request)) {
            if (signatures.stream().anyMatch(mac.sign(candidate)::is)) {
                return Optional.empty();
            }
        }
        return Optional.of(proof.mismatch());
    }
}

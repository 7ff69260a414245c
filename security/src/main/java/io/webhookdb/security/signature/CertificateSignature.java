package io.webhookdb.security.signature;

import io.webhookdb.schemas.catalog.Verification;
import java.net.URI;
import java.net.URISyntaxException;
import java.security.PublicKey;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * Signature of a text put together from parts, checked with the key of the certificate the request
 * names: PayPal ("Verify webhook message manually"). Whoever may write the URL could sign with a
 * key of their own, so only hosts of the vendor are asked, and only by TLS.
 */
final class CertificateSignature implements SignatureVerifier {
    private static final Verdict FOREIGN =
            new Verdict.Rejected(
                    RejectionReason.KEY_UNAVAILABLE,
                    "The URL of the certificate is not one of the vendor's.");
    private static final Verdict UNUSABLE =
            new Verdict.Rejected(
                    RejectionReason.KEY_UNAVAILABLE,
                    "At the URL of the certificate is no valid certificate.");

    private final Verification verification;
    private final PartsProof proof;
    private final SignedParts parts;

    CertificateSignature(Verification verification, String secret) {
        this.verification = verification;
        this.proof = new PartsProof(verification);
        this.parts = new SignedParts(verification.signed(), secret);
    }

    @Override
    public Verdict verify(SignedRequest request) {
        return proof.judge(request, this::refusal);
    }

    private Optional<Verdict> refusal(SignedRequest request, List<String> signatures) {
        Optional<URI> url = url(request);
        if (url.isEmpty()) {
            return Optional.of(FOREIGN);
        }
        Optional<byte[]> fetched = request.fetched(url.get());
        if (fetched.isEmpty()) {
            return Optional.of(new Verdict.KeyNeeded(url.get()));
        }
        Optional<PublicKey> key = PublicKeys.ofCertificate(fetched.get(), request.arrived());
        if (key.isEmpty()) {
            return Optional.of(UNUSABLE);
        }
        return parts.candidates(request).stream()
                        .anyMatch(
                                text ->
                                        signatures.stream()
                                                .anyMatch(
                                                        signature ->
                                                                PublicKeys.matches(
                                                                        verification.algorithm(),
                                                                        key.get(),
                                                                        verification.encoding(),
                                                                        signature,
                                                                        text)))
                ? Optional.empty()
                : Optional.of(proof.mismatch());
    }

    private Optional<URI> url(SignedRequest request) {
        String text =
                verification.keyUrlHeader() != null
                        ? request.header(verification.keyUrlHeader())
                        : request.text(verification.keyUrlPointer());
        try {
            URI url = new URI(text == null ? "" : text);
            boolean plain =
                    "https".equalsIgnoreCase(url.getScheme())
                            && url.getHost() != null
                            && url.getPort() == -1
                            && url.getUserInfo() == null;
            return plain && isVendors(url.getHost().toLowerCase(Locale.ROOT))
                    ? Optional.of(url)
                    : Optional.empty();
        } catch (URISyntaxException e) {
            return Optional.empty();
        }
    }

    private boolean isVendors(String host) {
        return verification.keyHosts().stream()
                .anyMatch(
                        allowed ->
                                allowed.startsWith(".")
                                        ? host.endsWith(allowed)
                                        : host.equals(allowed));
    }
}

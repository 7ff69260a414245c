package io.webhookdb.schemas.catalog;

import static io.webhookdb.schemas.catalog.ProblemList.word;

import io.webhookdb.schemas.catalog.Handshake.Form;
import io.webhookdb.schemas.catalog.Verification.Scheme;
import java.util.Locale;
import java.util.Set;

/** Checks that a proof has what its scheme needs, and no secret is kept. */
final class VerificationValidator {
    private static final Set<Scheme> WITHOUT_HEADER =
            Set.of(Scheme.NONE, Scheme.SOURCE_ADDRESS, Scheme.BASIC);
    private static final Set<Scheme> OF_PARTS =
            Set.of(Scheme.HMAC_PARTS, Scheme.PUBLIC_KEY, Scheme.CERTIFICATE_URL);

    private final ServiceDefinition service;
    private final Verification verification;
    private final Scheme scheme;
    private final ProblemList problems;

    VerificationValidator(ServiceDefinition service, ProblemList problems) {
        this.service = service;
        this.verification = service.verification();
        this.scheme = verification.scheme();
        this.problems = problems;
    }

    void check() {
        boolean hmac = scheme.name().startsWith("HMAC");
        boolean parts = OF_PARTS.contains(scheme);
        require(
                WITHOUT_HEADER.contains(scheme)
                        || verification.header() != null
                        || (parts && verification.signaturePointer() != null),
                "header");
        require(!(hmac || parts) || verification.algorithm() != null, "algorithm");
        require(!(hmac || parts) || verification.encoding() != null, "encoding");
        require(
                (scheme != Scheme.HMAC_TIMESTAMPED && scheme != Scheme.STANDARD_WEBHOOKS)
                        || verification.toleranceSeconds() != null,
                "tolerance-seconds");
        require(
                (scheme != Scheme.HMAC_TIMESTAMP_HEADER && scheme != Scheme.STANDARD_WEBHOOKS)
                        || verification.timestampHeader() != null,
                "timestamp-header");
        require(
                (scheme != Scheme.HMAC_URL_NONCE && scheme != Scheme.STANDARD_WEBHOOKS)
                        || verification.nonceHeader() != null,
                "nonce-header");
        require(
                scheme != Scheme.SOURCE_ADDRESS || !verification.addresses().isEmpty(),
                "addresses");
        require(!parts || !verification.signed().isEmpty(), "signed");
        algorithm(hmac);
        if (scheme == Scheme.CERTIFICATE_URL) {
            require(
                    verification.keyUrlHeader() != null || verification.keyUrlPointer() != null,
                    "key-url-header");
            require(!verification.keyHosts().isEmpty(), "key-hosts");
        }
        if (scheme == Scheme.JWT) {
            require(!verification.keyHosts().isEmpty(), "key-hosts");
            require(verification.jwt() != null, "jwt");
            require(verification.toleranceSeconds() != null, "tolerance-seconds");
        }
        keptSecret();
        handshakes();
    }

    private void algorithm(boolean hmac) {
        if (verification.algorithm() != null
                && (hmac || OF_PARTS.contains(scheme))
                && hmac != verification.algorithm().isDigest()) {
            problems.add(
                    "/verification/algorithm",
                    word(verification.algorithm()),
                    "does not go with scheme " + word(scheme));
        }
    }

    private void keptSecret() {
        if (scheme == Scheme.STATIC_HEADER
                && service.keepHeaders().stream()
                        .map(name -> name.toLowerCase(Locale.ROOT))
                        .anyMatch(name -> name.equalsIgnoreCase(verification.header()))) {
            problems.add(
                    "/keep-headers",
                    verification.header(),
                    "it is the secret itself and never kept");
        }
    }

    private void handshakes() {
        for (int i = 0; i < verification.handshakes().size(); i++) {
            Handshake handshake = verification.handshakes().get(i);
            String at = "/verification/handshakes/" + i + "/members";
            int members = handshake.members().size();
            if (handshake.learns() != null && handshake.proof() == Handshake.Proof.REQUIRED) {
                problems.add(
                        "/verification/handshakes/" + i + "/proof",
                        word(handshake.proof()),
                        "nothing can be proved before the secret is learned; allowed is none");
            }
            switch (handshake.form()) {
                case TEXT -> {
                    if (members != 1) {
                        problems.add(at, members + "", "form text has exactly one");
                    }
                }
                case JSON, HEADERS -> {
                    if (members == 0) {
                        problems.add(at, "", "form " + word(handshake.form()) + " needs it");
                    }
                    for (Handshake.Member member : handshake.members()) {
                        problems.require(
                                member.name(), at + "/name", "form " + word(handshake.form()));
                    }
                }
                case EMPTY -> {
                    if (members != 0) {
                        problems.add(at, members + "", "form " + word(Form.EMPTY) + " has none");
                    }
                }
            }
        }
    }

    private void require(boolean given, String key) {
        if (!given) {
            problems.add("/verification/" + key, "", "scheme " + word(scheme) + " needs it");
        }
    }
}

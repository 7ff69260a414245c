package io.webhookdb.security.signature;

import java.time.Instant;
import java.util.function.UnaryOperator;

/** A verifier to which headers, body and time say everything. */
interface HeaderVerifier extends SignatureVerifier {
    @Override
    Verdict verify(UnaryOperator<String> header, byte[] body, Instant now);

    @Override
    default Verdict verify(SignedRequest request) {
        return verify(request.headers(), request.body(), request.arrived());
    }
}

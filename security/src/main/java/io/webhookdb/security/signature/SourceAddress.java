package io.webhookdb.security.signature;

import io.webhookdb.security.outbound.AddressRanges;
import java.util.List;

/** The request comes from one of the vendor's addresses: Postmark. There is no secret. */
final class SourceAddress implements SignatureVerifier {
    private static final Verdict FOREIGN =
            new Verdict.Rejected(
                    RejectionReason.FOREIGN_ADDRESS,
                    "The request comes from an address that is none of the vendor's.");

    private final AddressRanges ranges;

    SourceAddress(List<String> addresses) {
        this.ranges = AddressRanges.of(addresses);
    }

    @Override
    public Verdict verify(SignedRequest request) {
        return request.sender() != null && ranges.contain(request.sender())
                ? Verdict.Accepted.VERIFIED
                : FOREIGN;
    }
}

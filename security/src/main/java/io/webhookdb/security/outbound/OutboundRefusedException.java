package io.webhookdb.security.outbound;

import java.io.IOException;

/** A call to an address the policy refuses; the message may be shown to the person who asked. */
public final class OutboundRefusedException extends IOException {
    private static final long serialVersionUID = 1L;

    OutboundRefusedException(String message) {
        super(message);
    }
}

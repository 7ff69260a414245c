package io.webhookdb.controlplane.api.auth;

import java.time.Instant;
import java.util.Optional;

/**
 * A token for scripts, without its secret.
 *
 * @param opaqueId public id; the middle of the token's text
 * @param organization the only organization it is good for
 * @param creator whom it acts for
 * @param lastUsed to the minute
 */
public record ApiToken(
        String opaqueId,
        long organization,
        String name,
        TokenScope scope,
        Customer creator,
        Instant created,
        Optional<Instant> expires,
        Optional<Instant> lastUsed) {}

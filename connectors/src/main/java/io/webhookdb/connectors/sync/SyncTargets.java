package io.webhookdb.connectors.sync;

import io.webhookdb.schemas.control.SyncTargetControl;
import io.webhookdb.security.connection.PostgresUrl;
import io.webhookdb.security.keyset.SecretOpener;
import io.webhookdb.security.outbound.OutboundPolicy;
import java.time.Duration;
import java.util.concurrent.ScheduledExecutorService;

/**
 * Makes targets of control records.
 *
 * @param opener opens connection URLs
 * @param policy which addresses may be called
 * @param requestTimeout longest wait for an HTTP receiver
 * @param clock ends requests that take longer
 */
record SyncTargets(
        SecretOpener opener,
        OutboundPolicy policy,
        Duration requestTimeout,
        ScheduledExecutorService clock)
        implements Delivery.Opener {

    /**
     * The target.
     *
     * @throws SyncException a configuration failure if its URL does not make one
     */
    @Override
    public SyncTarget open(SyncTargetControl control) throws SyncException {
        String url =
                opener.open(
                        control.connectionUrlCiphertext(),
                        SyncTargetControl.connectionUrlContext(control.id()));
        return switch (control.kind()) {
            case HTTP -> new HttpSyncTarget(HttpUrl.parse(url), policy, requestTimeout, clock);
            case POSTGRES -> new PostgresSyncTarget(postgres(url), policy);
            case REDSHIFT, SNOWFLAKE ->
                    throw new SyncException(
                            SyncFailure.CONFIGURATION,
                            "This release does not sync to "
                                    + control.kind()
                                    + ". Allowed: HTTP, POSTGRES.");
        };
    }

    private static PostgresUrl postgres(String url) throws SyncException {
        try {
            return PostgresUrl.parse(url);
        } catch (IllegalArgumentException e) {
            throw new SyncException(SyncFailure.CONFIGURATION, e.getMessage(), null, e);
        }
    }
}

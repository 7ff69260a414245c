package io.webhookdb.connectors.sync;

import io.webhookdb.connectors.sync.redshift.RedshiftSyncTarget;
import io.webhookdb.connectors.sync.redshift.S3Bucket;
import io.webhookdb.connectors.sync.snowflake.SnowflakeEndpoint;
import io.webhookdb.connectors.sync.snowflake.SnowflakeSyncTarget;
import io.webhookdb.connectors.sync.warehouse.Drivers;
import io.webhookdb.schemas.control.SyncTargetControl;
import io.webhookdb.security.connection.PostgresUrl;
import io.webhookdb.security.connection.SyncTargetUrl;
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
            case REDSHIFT, SNOWFLAKE -> warehouse(url);
        };
    }

    private SyncTarget warehouse(String url) throws SyncException {
        Drivers drivers = Drivers.ofProcess();
        try {
            SyncTargetUrl parsed = SyncTargetUrl.parseDatabase(url);
            if (parsed instanceof SyncTargetUrl.Snowflake snowflake) {
                return new SnowflakeSyncTarget(
                        snowflake.account(),
                        SnowflakeEndpoint.of(snowflake.account()),
                        policy,
                        drivers);
            }
            if (parsed instanceof SyncTargetUrl.Redshift redshift) {
                return new RedshiftSyncTarget(
                        redshift.cluster(),
                        S3Bucket.endpoint(redshift.cluster().staging()),
                        policy,
                        drivers);
            }
            throw new SyncException(
                    SyncFailure.CONFIGURATION, "The connection URL is of another kind.");
        } catch (IllegalArgumentException e) {
            throw new SyncException(SyncFailure.CONFIGURATION, e.getMessage(), null, e);
        }
    }

    private static PostgresUrl postgres(String url) throws SyncException {
        try {
            return PostgresUrl.parse(url);
        } catch (IllegalArgumentException e) {
            throw new SyncException(SyncFailure.CONFIGURATION, e.getMessage(), null, e);
        }
    }
}

package io.webhookdb.connectors.sync;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.webhookdb.connectors.sync.redshift.RedshiftSyncTarget;
import io.webhookdb.connectors.sync.redshift.S3Bucket;
import io.webhookdb.connectors.sync.snowflake.SnowflakeEndpoint;
import io.webhookdb.connectors.sync.snowflake.SnowflakeSyncTarget;
import io.webhookdb.connectors.sync.warehouse.Drivers;
import io.webhookdb.schemas.control.SyncColumns;
import io.webhookdb.schemas.control.SyncTargetControl;
import io.webhookdb.security.connection.KafkaUrl;
import io.webhookdb.security.connection.PostgresUrl;
import io.webhookdb.security.connection.RedshiftUrl;
import io.webhookdb.security.connection.SnowflakeUrl;
import io.webhookdb.security.connection.SqsUrl;
import io.webhookdb.security.keyset.SecretOpener;
import io.webhookdb.security.outbound.OutboundPolicy;
import java.time.Duration;
import java.util.function.Function;

/** Makes targets of control records. Thread-safe. */
final class SyncTargets implements Delivery.Opener, AutoCloseable {
    private static final int MOST_CONNECTIONS = 64;

    private final SecretOpener opener;
    private final OutboundPolicy policy;
    private final Duration requestTimeout;
    private HttpPosts posts;

    /**
     * @param opener opens connection URLs
     * @param policy which addresses may be called
     * @param requestTimeout longest wait for an HTTP receiver
     */
    SyncTargets(SecretOpener opener, OutboundPolicy policy, Duration requestTimeout) {
        this.opener = opener;
        this.policy = policy;
        this.requestTimeout = requestTimeout;
    }

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
            case HTTP -> new HttpSyncTarget(HttpUrl.parse(url), posts());
            case POSTGRES -> new PostgresSyncTarget(parsed(url, PostgresUrl::parse), policy);
            case KAFKA -> new KafkaSyncTarget(parsed(url, KafkaUrl::parse), policy);
            case SQS -> new SqsSyncTarget(parsed(url, SqsUrl::parse), posts());
            case REDSHIFT -> redshift(parsed(url, RedshiftUrl::parse));
            case SNOWFLAKE -> snowflake(parsed(url, SnowflakeUrl::parse));
        };
    }

    private SyncTarget redshift(RedshiftUrl url) {
        return new RedshiftSyncTarget(
                url, S3Bucket.endpoint(url.staging()), policy, Drivers.ofProcess());
    }

    private SyncTarget snowflake(SnowflakeUrl url) {
        return new SnowflakeSyncTarget(url, SnowflakeEndpoint.of(url), policy, Drivers.ofProcess());
    }

    @Override
    public byte[] hashKey(SyncTargetControl control) {
        String sealed = control.settings().columns().hashKeyCiphertext();
        return sealed == null
                ? new byte[0]
                : opener.open(sealed, SyncColumns.hashKeyContext(control.id())).getBytes(UTF_8);
    }

    /** Clients start with the first target that needs them. */
    private synchronized HttpPosts posts() {
        if (posts == null) {
            posts = HttpPosts.start(policy, requestTimeout, MOST_CONNECTIONS);
        }
        return posts;
    }

    private static <U> U parsed(String url, Function<String, U> form) throws SyncException {
        try {
            return form.apply(url);
        } catch (IllegalArgumentException e) {
            throw new SyncException(SyncFailure.CONFIGURATION, e.getMessage(), null, e);
        }
    }

    @Override
    public synchronized void close() {
        if (posts != null) {
            posts.close();
        }
    }
}

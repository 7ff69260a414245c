package io.webhookdb.security.connection;

import io.webhookdb.schemas.control.SyncTargetControl.Kind;
import java.util.Locale;

/**
 * Where a sync target's rows go: one closed form per kind, chosen by the scheme. Whatever a driver
 * would take besides is refused.
 *
 * <p>{@link #shown()} is the URL with {@code ***} for user and password; it parses again, so that
 * credentials can be replaced by someone who cannot read the old ones.
 */
public sealed interface SyncTargetUrl {
    /** What stands in for a user and a password. */
    String MASK = "***";

    /** What it is. */
    Kind kind();

    /** Scheme, host and port: what an outbound policy asks for. */
    String scheme();

    /** Host to be called; an IPv6 address has no brackets. */
    String host();

    /** The whole URL, which {@code parse} reads. A secret. */
    String url();

    /**
     * The same URL with other credentials.
     *
     * @throws IllegalArgumentException if it has others besides that are not known here
     */
    SyncTargetUrl with(String user, String password);

    /** The URL without its credentials. */
    default String shown() {
        return with(MASK, MASK).url();
    }

    /**
     * The URL of a database: {@code postgres}, {@code redshift} or {@code snowflake}; or of a log:
     * {@code kafka} or {@code sqs}.
     *
     * @throws IllegalArgumentException naming the schemes there are, never quoting the URL
     */
    static SyncTargetUrl parseDatabase(String url) {
        String text = url.strip();
        return switch (scheme(text)) {
            case "postgres", "postgresql" -> new Postgres(PostgresUrl.parse(text));
            case "redshift" -> new Redshift(RedshiftUrl.parse(text));
            case "snowflake" -> new Snowflake(SnowflakeUrl.parse(text));
            case "kafka" -> new Kafka(KafkaUrl.parse(text));
            case "sqs" -> new Sqs(SqsUrl.parse(text));
            default ->
                    throw new IllegalArgumentException(
                            "Not the URL of a database rows can be synced to. Allowed:"
                                    + " postgres://, redshift://, snowflake://, kafka://, sqs://.");
        };
    }

    /**
     * An HTTP endpoint's URL.
     *
     * @throws IllegalArgumentException saying what is wrong, never quoting the URL
     */
    static SyncTargetUrl parseHttp(String url) {
        return new Http(HttpSyncUrl.parse(url));
    }

    private static String scheme(String url) {
        int end = url.indexOf("://");
        return end < 0 ? "" : url.substring(0, end).toLowerCase(Locale.ROOT);
    }

    /** A Postgres database. */
    record Postgres(PostgresUrl database) implements SyncTargetUrl {
        @Override
        public Kind kind() {
            return Kind.POSTGRES;
        }

        @Override
        public String scheme() {
            return "postgres";
        }

        @Override
        public String host() {
            return database.host();
        }

        @Override
        public String url() {
            return database.url();
        }

        @Override
        public SyncTargetUrl with(String user, String password) {
            return new Postgres(database.with(database.database(), user, password));
        }
    }

    /** A Redshift database; it speaks the protocol of Postgres. */
    record Redshift(RedshiftUrl cluster) implements SyncTargetUrl {
        @Override
        public Kind kind() {
            return Kind.REDSHIFT;
        }

        @Override
        public String scheme() {
            return "redshift";
        }

        @Override
        public String host() {
            return cluster.database().host();
        }

        @Override
        public String url() {
            return cluster.url();
        }

        /** Also without those of the bucket. */
        @Override
        public String shown() {
            return cluster.masked().url();
        }

        @Override
        public SyncTargetUrl with(String user, String password) {
            return new Redshift(cluster.with(user, password));
        }
    }

    /** A Snowflake account's database. */
    record Snowflake(SnowflakeUrl account) implements SyncTargetUrl {
        @Override
        public Kind kind() {
            return Kind.SNOWFLAKE;
        }

        @Override
        public String scheme() {
            return "snowflake";
        }

        @Override
        public String host() {
            return account.dialledHost();
        }

        @Override
        public String url() {
            return account.url();
        }

        @Override
        public SyncTargetUrl with(String user, String password) {
            return new Snowflake(account.with(user, password));
        }
    }

    /** An HTTP endpoint. */
    record Http(HttpSyncUrl endpoint) implements SyncTargetUrl {
        @Override
        public Kind kind() {
            return Kind.HTTP;
        }

        @Override
        public String scheme() {
            return endpoint.target().getScheme();
        }

        @Override
        public String host() {
            return endpoint.target().getHost();
        }

        @Override
        public String url() {
            return endpoint.url();
        }

        @Override
        public SyncTargetUrl with(String user, String password) {
            return new Http(endpoint.with(user, password));
        }
    }

    /** A Kafka cluster. */
    record Kafka(KafkaUrl cluster) implements SyncTargetUrl {
        @Override
        public Kind kind() {
            return Kind.KAFKA;
        }

        @Override
        public String scheme() {
            return "kafka";
        }

        /** The first of several. */
        @Override
        public String host() {
            return cluster.servers().get(0).getHostString();
        }

        @Override
        public String url() {
            return cluster.url();
        }

        @Override
        public SyncTargetUrl with(String user, String password) {
            return new Kafka(cluster.with(user, password));
        }
    }

    /** An SQS queue. */
    record Sqs(SqsUrl queue) implements SyncTargetUrl {
        @Override
        public Kind kind() {
            return Kind.SQS;
        }

        @Override
        public String scheme() {
            return queue.called().getScheme();
        }

        @Override
        public String host() {
            return queue.called().getHost();
        }

        @Override
        public String url() {
            return queue.url();
        }

        @Override
        public SyncTargetUrl with(String user, String password) {
            return new Sqs(queue.with(user, password));
        }
    }
}

package io.webhookdb.standalone;

import io.webhookdb.connectors.webhook.RetrySchedule;
import java.nio.file.Path;
import java.util.List;
import picocli.CommandLine.Option;

/** Flags of {@code up} and {@code demo}. Each has an environment variable; the flag wins. */
final class StandaloneOptions {
    @Option(
            names = "--data",
            defaultValue = "${env:WEBHOOKDB_DATA:-.webhookdb}",
            description = "Folder everything is kept in (WEBHOOKDB_DATA; default: .webhookdb).")
    Path data;

    @Option(
            names = "--api-port",
            defaultValue = "${env:WEBHOOKDB_API_PORT:-18001}",
            description = "Port of the HTTP API (WEBHOOKDB_API_PORT; default: 18001).")
    int apiPort;

    @Option(
            names = "--ingest-port",
            defaultValue = "${env:WEBHOOKDB_INGEST_PORT:-18002}",
            description = "Port vendors post to (WEBHOOKDB_INGEST_PORT; default: 18002).")
    int ingestPort;

    @Option(
            names = "--flink-port",
            defaultValue = "${env:WEBHOOKDB_FLINK_PORT:-18003}",
            description = "Port of Flink's web UI (WEBHOOKDB_FLINK_PORT; default: 18003).")
    int flinkPort;

    @Option(
            names = "--postgres-port",
            defaultValue = "${env:WEBHOOKDB_POSTGRES_PORT:-18004}",
            description =
                    "Port of the embedded Postgres (WEBHOOKDB_POSTGRES_PORT; default: 18004).")
    int postgresPort;

    @Option(
            names = "--kafka-port",
            defaultValue = "${env:WEBHOOKDB_KAFKA_PORT:-18005}",
            description = "Port of the embedded Kafka (WEBHOOKDB_KAFKA_PORT; default: 18005).")
    int kafkaPort;

    @Option(
            names = "--database-url",
            defaultValue = "${env:WEBHOOKDB_DATABASE_URL:-}",
            description =
                    "Application database, postgres://user:password@host:port/name"
                            + " (WEBHOOKDB_DATABASE_URL; default: embedded).")
    String databaseUrl;

    @Option(
            names = "--replication-servers",
            split = "[, ]+",
            defaultValue = "${env:WEBHOOKDB_REPLICATION_SERVERS:-}",
            description =
                    "Servers for organizations' databases, as URLs of a role that may create roles"
                            + " and databases (WEBHOOKDB_REPLICATION_SERVERS; default: embedded).")
    List<String> replicationServers;

    @Option(
            names = "--kafka-bootstrap",
            defaultValue = "${env:WEBHOOKDB_KAFKA_BOOTSTRAP:-}",
            description = "Kafka to use (WEBHOOKDB_KAFKA_BOOTSTRAP; default: embedded).")
    String kafkaBootstrap;

    @Option(
            names = "--keysets",
            defaultValue = "${env:WEBHOOKDB_KEYSETS:-}",
            description =
                    "Folder of the keysets (WEBHOOKDB_KEYSETS; default: generated in the data"
                            + " folder).")
    String keysets;

    @Option(
            names = "--skip-authentication",
            // A bare flag would be the opposite of the variable.
            arity = "0..1",
            fallbackValue = "true",
            defaultValue = "${env:WEBHOOKDB_SKIP_AUTHENTICATION:-false}",
            description = "Accept any login code; for development (WEBHOOKDB_SKIP_AUTHENTICATION).")
    boolean skipAuthentication;

    @Option(
            names = "--webhook-retry-schedule",
            defaultValue = "${env:WEBHOOKDB_WEBHOOK_RETRY_SCHEDULE:-}",
            description =
                    "Waits between attempts to deliver a webhook, such as 5s,5m,30m"
                            + " (WEBHOOKDB_WEBHOOK_RETRY_SCHEDULE; default: "
                            + RetrySchedule.STANDARD
                            + ").")
    String webhookRetrySchedule;

    @Option(
            names = "--outbound-allow",
            defaultValue = "${env:WEBHOOKDB_OUTBOUND_ALLOW:-}",
            description =
                    "Address ranges beyond the public ones that may be called, also by plain http,"
                            + " such as 127.0.0.0/8,10.0.0.0/8 (WEBHOOKDB_OUTBOUND_ALLOW; default:"
                            + " none).")
    String outboundAllow;

    @Option(
            names = "--min-sync-period",
            defaultValue = "${env:WEBHOOKDB_MIN_SYNC_PERIOD:-1}",
            description =
                    "Least seconds between two syncs of a target (WEBHOOKDB_MIN_SYNC_PERIOD;"
                            + " default: 1).")
    int minSyncPeriod;

    @Option(
            names = "--isolation-mode",
            defaultValue = "${env:WEBHOOKDB_ISOLATION_MODE:-database+user}",
            description =
                    "What a new organization gets for itself: database+user, database+schema+user"
                            + " or schema+user (WEBHOOKDB_ISOLATION_MODE; default: database+user).")
    String isolationMode;

    /** Free ports, everything embedded, any login code: a system that meets no other. */
    static StandaloneOptions isolated(Path data) {
        StandaloneOptions options = new StandaloneOptions();
        options.data = data;
        options.databaseUrl = "";
        options.kafkaBootstrap = "";
        options.keysets = "";
        options.webhookRetrySchedule = "";
        options.outboundAllow = "";
        options.minSyncPeriod = 1;
        options.isolationMode = "database+user";
        options.skipAuthentication = true;
        return options;
    }

    List<String> servers() {
        return replicationServers == null
                ? List.of()
                : replicationServers.stream().filter(url -> !url.isBlank()).toList();
    }
}

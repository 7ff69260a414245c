package io.webhookdb.standalone;

import io.webhookdb.connectors.backfill.BackfillSettings;
import io.webhookdb.connectors.webhook.RetrySchedule;
import io.webhookdb.controlplane.api.http.PageOrigins;
import io.webhookdb.controlplane.api.http.RequestLimits;
import io.webhookdb.controlplane.api.install.InstallSettings;
import io.webhookdb.controlplane.api.onward.OnwardSettings;
import io.webhookdb.controlplane.environment.Environment;
import io.webhookdb.controlplane.mail.MailSettings;
import io.webhookdb.controlplane.mail.Mailer;
import io.webhookdb.controlplane.provisioner.Isolation;
import io.webhookdb.controlplane.provisioner.Upkeep;
import io.webhookdb.ingest.spool.SpoolEnvironment;
import io.webhookdb.ingest.spool.SpoolSettings;
import io.webhookdb.security.connection.PostgresUrl;
import io.webhookdb.security.kafka.KafkaAccess;
import io.webhookdb.security.outbound.OutboundPolicy;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What options and environment say, judged before anything starts: a part would find out by itself,
 * but half a minute later, one thing at a time, and without the name of the variable.
 *
 * @param database the application database, where one is given
 * @param servers for organizations' databases, where some are given
 * @param kafka where one is given
 * @param outbound which addresses may be called
 * @param mailer where a mail server is given
 * @param spool where accepted events wait for Kafka
 */
record StandaloneSettings(
        Optional<PostgresUrl> database,
        List<PostgresUrl> servers,
        Optional<KafkaAccess> kafka,
        OutboundPolicy outbound,
        OnwardSettings onward,
        Isolation isolation,
        PageOrigins pages,
        RequestLimits limits,
        InstallSettings install,
        Upkeep upkeep,
        Optional<Mailer> mailer,
        SpoolSettings spool) {
    private static final String OUTBOUND = "WEBHOOKDB_OUTBOUND_ALLOW";

    /** Pages on this machine, unless others are named. */
    private static final String USUAL_ORIGINS = "http://localhost:*,http://127.0.0.1:*";

    /**
     * Reads all of it.
     *
     * @param environment variables beside those of the options
     * @param spool the spool's folder, unless a variable names another
     * @throws IllegalArgumentException saying all that is wrong, a line for each variable, without
     *     the value of one that may hold a secret
     */
    static StandaloneSettings of(
            StandaloneOptions options, Map<String, String> environment, Path spool) {
        WrongSettings wrong = new WrongSettings();
        Environment variables = new Environment(environment);
        Optional<PostgresUrl> database =
                wrong.read(
                        "WEBHOOKDB_DATABASE_URL",
                        () ->
                                Optional.of(options.databaseUrl)
                                        .filter(url -> !url.isBlank())
                                        .map(PostgresUrl::parse));
        List<PostgresUrl> servers =
                wrong.read(
                        "WEBHOOKDB_REPLICATION_SERVERS",
                        () -> options.servers().stream().map(PostgresUrl::parse).toList());
        Optional<KafkaAccess> kafka =
                wrong.read(
                        "WEBHOOKDB_KAFKA_BOOTSTRAP",
                        () ->
                                Optional.of(options.kafkaBootstrap)
                                        .filter(given -> !given.isBlank())
                                        .map(variables::kafka));
        OutboundPolicy outbound =
                wrong.read(OUTBOUND, () -> OutboundPolicy.parse(options.outboundAllow));
        OnwardSettings onward =
                wrong.read(
                        "WEBHOOKDB_MIN_SYNC_PERIOD",
                        () -> OnwardSettings.strict().withMinSyncPeriod(options.minSyncPeriod));
        Isolation isolation =
                wrong.read("WEBHOOKDB_ISOLATION_MODE", () -> Isolation.of(options.isolationMode));
        wrong.read(
                "WEBHOOKDB_WEBHOOK_RETRY_SCHEDULE",
                () -> RetrySchedule.parse(options.webhookRetrySchedule));
        wrong.read(
                "WEBHOOKDB_API_BASE_", () -> BackfillSettings.DEFAULT.withEnvironment(environment));
        StandaloneSettings settings =
                new StandaloneSettings(
                        database,
                        servers,
                        kafka,
                        outbound,
                        onward == null || outbound == null ? null : onward.withOutbound(outbound),
                        isolation,
                        wrong.read(
                                "WEBHOOKDB_API_CORS_ORIGINS",
                                () ->
                                        PageOrigins.of(
                                                variables
                                                        .optional("WEBHOOKDB_API_CORS_ORIGINS")
                                                        .orElse(USUAL_ORIGINS))),
                        wrong.read("WEBHOOKDB_API_", () -> limits(options, environment)),
                        wrong.read("WEBHOOKDB_OAUTH_", () -> InstallSettings.of(variables)),
                        wrong.read("WEBHOOKDB_", () -> Upkeep.of(variables)),
                        wrong.read("WEBHOOKDB_SMTP_URL", () -> MailSettings.mailer(variables)),
                        wrong.read(
                                "WEBHOOKDB_SPOOL_",
                                () -> SpoolEnvironment.read(environment, spool)));
        wrong.refuse();
        return settings;
    }

    /** Unlimited logins where any code is accepted, whatever said so. */
    private static RequestLimits limits(
            StandaloneOptions options, Map<String, String> environment) {
        Map<String, String> variables = new HashMap<>(environment);
        variables.put(
                "WEBHOOKDB_SKIP_AUTHENTICATION", Boolean.toString(options.skipAuthentication));
        return RequestLimits.of(new Environment(variables));
    }
}

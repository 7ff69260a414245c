package io.webhookdb.controlplane.provisioner;

import io.webhookdb.controlplane.environment.Environment;
import io.webhookdb.controlplane.environment.PartProcess;
import io.webhookdb.controlplane.mail.MailSettings;
import io.webhookdb.controlplane.mail.PrintingMailer;
import io.webhookdb.controlplane.provisioner.alerts.AlertSettings;
import io.webhookdb.controlplane.provisioner.alerts.Installation;
import io.webhookdb.controlplane.provisioner.metrics.MetricsServer;
import io.webhookdb.security.outbound.OutboundPolicy;
import java.io.UncheckedIOException;

/** Runs a provisioner, configured by environment variables. */
public final class ProvisionerMain {
    private static final int PARTITIONS = 12;
    private static final int REPLICATION_FACTOR = 3;

    private ProvisionerMain() {}

    /** Runs until the process is told to stop. */
    public static void main(String[] arguments) throws InterruptedException {
        PartProcess.run("provisioner", ProvisionerMain::start);
    }

    private static AutoCloseable start(Environment environment) {
        int port = environment.number("WEBHOOKDB_PROVISIONER_METRICS_PORT", 0, 0, 65535);
        String host =
                environment.optional("WEBHOOKDB_PROVISIONER_METRICS_BIND").orElse("127.0.0.1");
        Provisioner provisioner = Provisioner.start(settings(environment), alerts(environment));
        if (port == 0) {
            return provisioner;
        }
        try {
            MetricsServer server =
                    MetricsServer.start(
                            host,
                            port,
                            provisioner.metrics(),
                            environment.tls("WEBHOOKDB_PROVISIONER_TLS_"));
            return () -> {
                server.close();
                provisioner.close();
            };
        } catch (UncheckedIOException | IllegalArgumentException e) {
            provisioner.close();
            throw e;
        }
    }

    static ProvisionerSettings settings(Environment environment) {
        return ProvisionerSettings.of(
                        environment.postgres("WEBHOOKDB_DATABASE_URL"),
                        environment.postgresList("WEBHOOKDB_REPLICATION_SERVERS"),
                        environment.kafka(environment.required("WEBHOOKDB_KAFKA_BOOTSTRAP")),
                        topics(environment),
                        environment.keysets("WEBHOOKDB_KEYSETS"))
                .withIsolation(isolation(environment))
                .withMigrations(
                        MigrationSettings.of(
                                environment.optional("WEBHOOKDB_OUTBOUND_ALLOW").orElse("")))
                .withUpkeep(Upkeep.of(environment));
    }

    private static AlertSettings alerts(Environment environment) {
        return new AlertSettings(
                MailSettings.mailer(environment)
                        .orElseGet(() -> new PrintingMailer(System.out::println)),
                OutboundPolicy.parse(environment.optional("WEBHOOKDB_OUTBOUND_ALLOW").orElse("")),
                Installation.of(environment.optional("WEBHOOKDB_API_URL").orElse(""), environment));
    }

    private static Isolation isolation(Environment environment) {
        try {
            return environment
                    .optional("WEBHOOKDB_ISOLATION_MODE")
                    .map(Isolation::of)
                    .orElse(Isolation.DATABASE_USER);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("WEBHOOKDB_ISOLATION_MODE: " + e.getMessage(), e);
        }
    }

    private static TopicSettings topics(Environment environment) {
        int partitions = environment.number("WEBHOOKDB_KAFKA_PARTITIONS", PARTITIONS, 1, 10_000);
        if (environment.enabled("WEBHOOKDB_KAFKA_STANDALONE")) {
            return TopicSettings.standalone(partitions);
        }
        return TopicSettings.replicated(
                partitions,
                environment.number(
                        "WEBHOOKDB_KAFKA_REPLICATION_FACTOR", REPLICATION_FACTOR, 1, 100));
    }
}

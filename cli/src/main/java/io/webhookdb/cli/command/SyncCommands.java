package io.webhookdb.cli.command;

import io.webhookdb.cli.CliFailure;
import io.webhookdb.cli.api.Fields;
import io.webhookdb.cli.api.Request;
import io.webhookdb.cli.output.ListView;
import java.util.Locale;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code dbsync} and {@code httpsync}: copies of a table kept up to date elsewhere. */
@Command
final class SyncCommands {
    /** Where the copy goes. */
    enum Kind {
        DB,
        HTTP;

        private String segment() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** What stands for all integrations of an organization. */
    private static final String ALL = "org";

    private final Session session;
    private final Kind kind;

    SyncCommands(Session session, Kind kind) {
        this.session = session;
        this.kind = kind;
    }

    @Command(
            name = "create",
            description = "Keep a copy of an integration's table up to date elsewhere.",
            footer = {
                "  webhookdb dbsync create svi_4k2 --connection-url"
                        + " postgres://user:password@host/db",
                "  webhookdb httpsync create svi_4k2 --connection-url"
                        + " https://user:password@host/rows --period 600",
                "  webhookdb dbsync create --all --connection-url kafka://u:p@host:9093/shop"
                        + " --drop email"
            })
    void create(
            @Mixin OrganizationOption org,
            @Mixin IntegrationOption integration,
            @Option(
                            names = "--all",
                            description =
                                    "Instead of one integration: all of the organization's, later"
                                            + " ones included.")
                    boolean all,
            @Option(
                            names = {"-u", "--connection-url", "--url"},
                            paramLabel = "URL",
                            description = "Where to write to, with user and password.")
                    String url,
            @Mixin SyncOptions.Tuning tuning,
            @Mixin SyncOptions.Masking masking) {
        session.message(
                Request.post(
                                "v1",
                                "organizations",
                                session.organization(org),
                                "sync_targets",
                                kind.segment(),
                                "create")
                        .with(
                                masking.addTo(
                                        Fields.none()
                                                .text(
                                                        "service_integration_identifier",
                                                        all ? ALL : integration.required())
                                                .text("connection_url", url)
                                                .text("schema", tuning.schema)
                                                .text("table", tuning.table)
                                                .numberIfGiven("page_size", tuning.pageSize)
                                                .numberIfGiven("parallelism", tuning.parallelism)
                                                .numberIfGiven("period_seconds", tuning.period))));
    }

    @Command(name = "list", description = "List the sync targets.")
    void list(@Mixin OrganizationOption org, @Mixin OutputOption.Short output) {
        session.show(
                Request.get(
                        "v1",
                        "organizations",
                        session.organization(org),
                        "sync_targets",
                        kind.segment()),
                ListView::of,
                output);
    }

    @Command(
            name = "update",
            description = "Change how a target is synced. What is not given stays as it is.",
            footer = "  webhookdb dbsync update syt_9x1 --period 60")
    void update(
            @Mixin OrganizationOption org,
            @Mixin SyncOptions.Target target,
            @Mixin SyncOptions.Tuning tuning,
            @Mixin SyncOptions.Masking masking) {
        String id = target.required();
        if (tuning.isEmpty() && masking.isEmpty()) {
            throw CliFailure.usage(
                    "Nothing to change; expected at least one of --period, --pagesize,"
                        + " --parallelism, --schema, --table, --columns, --drop, --hash, --data,"
                        + " --deletes");
        }
        // Blank schema and table would set them back to their defaults.
        session.message(
                post(org, id, "update")
                        .with(
                                masking.addTo(
                                        Fields.none()
                                                .textIfGiven("schema", tuning.schema)
                                                .textIfGiven("table", tuning.table)
                                                .numberIfGiven("page_size", tuning.pageSize)
                                                .numberIfGiven("parallelism", tuning.parallelism)
                                                .numberIfGiven("period_seconds", tuning.period))));
    }

    @Command(
            name = "update-creds",
            description = "Replace user and password. What is not given is asked for.")
    void updateCredentials(
            @Mixin OrganizationOption org,
            @Mixin SyncOptions.Target target,
            @Option(
                            names = {"-u", "--user"},
                            paramLabel = "USER",
                            description = "The new user.")
                    String user,
            @Option(
                            names = {"-p", "--password"},
                            paramLabel = "PASSWORD",
                            description = "The new password.")
                    String password,
            @Option(
                            names = "--s3-key",
                            paramLabel = "ID",
                            description = "dbsync to Redshift: the bucket's new access key id.")
                    String bucketKey,
            @Option(
                            names = "--s3-secret",
                            paramLabel = "KEY",
                            description = "dbsync to Redshift: the bucket's new access key.")
                    String bucketSecret) {
        session.message(
                post(org, target.required(), "update_credentials")
                        .with(
                                Fields.none()
                                        .text("user", user)
                                        .text("password", password)
                                        .textIfGiven("s3_key", bucketKey)
                                        .textIfGiven("s3_secret", bucketSecret)));
    }

    @Command(name = "delete", description = "Delete a target; its copy stays as it is.")
    void delete(
            @Mixin OrganizationOption org,
            @Mixin SyncOptions.Target target,
            @Option(
                            names = {"-c", "--confirm"},
                            paramLabel = "TABLE",
                            description =
                                    "Name of the source table, instead of being asked for it.")
                    String table) {
        session.message(
                post(org, target.required(), "delete").with(Fields.none().text("confirm", table)));
    }

    @Command(
            name = "trigger",
            aliases = "sync",
            description = "Sync as soon as the shortest period allows.")
    void trigger(@Mixin OrganizationOption org, @Mixin SyncOptions.Target target) {
        session.message(post(org, target.required(), "sync").with(Fields.none()));
    }

    @Command(
            name = "status",
            description = "Show how each table of each target stands.",
            footer = "  webhookdb dbsync status syt_9x1")
    void status(
            @Mixin OrganizationOption org,
            @Mixin SyncOptions.Target target,
            @Mixin OutputOption.Short output) {
        String one = target.orNone();
        Request request =
                Request.get(
                        "v1",
                        "organizations",
                        session.organization(org),
                        "sync_targets",
                        kind.segment(),
                        "status");
        session.show(one == null ? request : request.query("target", one), ListView::of, output);
    }

    @Command(
            name = "pause",
            description = "Send nothing until resumed; changed rows wait, one version of each.")
    void pause(@Mixin OrganizationOption org, @Mixin SyncOptions.Target target) {
        session.message(post(org, target.required(), "pause").with(Fields.none()));
    }

    @Command(name = "resume", description = "Send again, what waited first.")
    void resume(@Mixin OrganizationOption org, @Mixin SyncOptions.Target target) {
        session.message(post(org, target.required(), "resume").with(Fields.none()));
    }

    @Command(
            name = "resync",
            description = "Send all rows once more, while changes go on; nothing is deleted.")
    void resync(@Mixin OrganizationOption org, @Mixin SyncOptions.Target target) {
        session.message(post(org, target.required(), "resync").with(Fields.none()));
    }

    private Request post(OrganizationOption org, String id, String verb) {
        return Request.post(
                "v1",
                "organizations",
                session.organization(org),
                "sync_targets",
                kind.segment(),
                id,
                verb);
    }
}

package io.webhookdb.controlplane.api;

import io.webhookdb.controlplane.api.auth.LoginPolicy;
import io.webhookdb.controlplane.api.http.PageOrigins;
import io.webhookdb.controlplane.api.http.RequestLimits;
import io.webhookdb.controlplane.api.install.InstallSettings;
import io.webhookdb.controlplane.api.onward.OnwardSettings;
import io.webhookdb.controlplane.environment.Environment;
import io.webhookdb.controlplane.environment.PartProcess;
import io.webhookdb.controlplane.mail.MailSettings;
import io.webhookdb.schemas.catalog.Catalog;
import java.net.URI;

/** Runs an api, configured by environment variables. */
public final class ApiMain {
    private static final int PORT = 18001;

    private ApiMain() {}

    /** Runs until the process is told to stop. */
    public static void main(String[] arguments) throws InterruptedException {
        PartProcess.run(
                "api",
                environment ->
                        ApiServer.start(
                                settings(environment),
                                RequestLimits.of(environment),
                                environment.tls("WEBHOOKDB_API_TLS_")));
    }

    static ApiSettings settings(Environment environment) {
        ApiSettings settings =
                ApiSettings.of(
                        environment.postgres("WEBHOOKDB_DATABASE_URL"),
                        environment.keysets("WEBHOOKDB_KEYSETS"),
                        Catalog.load(),
                        URI.create(environment.required("WEBHOOKDB_INGEST_URL")));
        int port = environment.number("WEBHOOKDB_API_PORT", PORT, 1, 65535);
        ApiSettings mailing =
                MailSettings.mailer(environment).map(settings::withMailer).orElse(settings);
        return mailing.withAddress(
                        environment.optional("WEBHOOKDB_API_BIND").orElse("127.0.0.1"), port)
                .withApiUrl(
                        URI.create(
                                environment
                                        .optional("WEBHOOKDB_API_URL")
                                        .orElse("http://localhost:" + port)))
                .withLoginPolicy(
                        environment.enabled("WEBHOOKDB_SKIP_AUTHENTICATION")
                                ? LoginPolicy.ANY_CODE
                                : LoginPolicy.CODE)
                .withOnward(onward(environment))
                .withInstall(InstallSettings.of(environment))
                .withPageOrigins(
                        PageOrigins.of(
                                environment.optional("WEBHOOKDB_API_CORS_ORIGINS").orElse("")));
    }

    private static OnwardSettings onward(Environment environment) {
        OnwardSettings onward =
                OnwardSettings.of(
                        environment.optional("WEBHOOKDB_OUTBOUND_ALLOW").orElse(""),
                        environment.number(
                                "WEBHOOKDB_MIN_SYNC_PERIOD",
                                OnwardSettings.USUAL_MIN_SYNC_PERIOD,
                                1,
                                OnwardSettings.MAX_SYNC_PERIOD));
        return environment
                .optional("WEBHOOKDB_KAFKA_BOOTSTRAP")
                .map(environment::kafka)
                .map(onward::withKafka)
                .orElse(onward);
    }
}

package io.webhookdb.controlplane.api;

import io.webhookdb.controlplane.api.auth.LoginPolicy;
import io.webhookdb.controlplane.api.http.PageOrigins;
import io.webhookdb.controlplane.api.install.InstallSettings;
import io.webhookdb.controlplane.api.onward.OnwardSettings;
import io.webhookdb.controlplane.mail.Mailer;
import io.webhookdb.controlplane.mail.PrintingMailer;
import io.webhookdb.schemas.catalog.Catalog;
import io.webhookdb.security.connection.PostgresUrl;
import io.webhookdb.security.keyset.KeysetFolder;
import java.net.URI;
import java.time.Duration;
import java.util.function.Consumer;

/**
 * What an api process needs.
 *
 * @param host address to listen on
 * @param port TCP port; 0 for a free one
 * @param database the application database
 * @param keysets folder with the keysets {@code ingest}, {@code readers} and {@code
 *     connections.public}; the private half of {@code connections} is not asked for
 * @param catalog services that can be integrated
 * @param ingestUrl public base URL of ingest, told to people
 * @param apiUrl public base URL of this api
 * @param loginPolicy how a login proves who someone is
 * @param mailer gets login codes and invitations to people
 * @param provisioningWait how long an answer waits for its effect
 * @param firstPageWait how long the end of a setup waits for the first page a vendor's API gives
 * @param onward rules for what leaves the system
 * @param install applications at vendors whose accounts can be connected
 * @param pageOrigins origins whose pages may call from a browser
 */
public record ApiSettings(
        String host,
        int port,
        PostgresUrl database,
        KeysetFolder keysets,
        Catalog catalog,
        URI ingestUrl,
        URI apiUrl,
        LoginPolicy loginPolicy,
        Mailer mailer,
        Duration provisioningWait,
        Duration firstPageWait,
        OnwardSettings onward,
        InstallSettings install,
        PageOrigins pageOrigins) {

    /** Settings with the usual choices: loopback, a free port, codes on standard output. */
    public static ApiSettings of(
            PostgresUrl database, KeysetFolder keysets, Catalog catalog, URI ingestUrl) {
        return new ApiSettings(
                "127.0.0.1",
                0,
                database,
                keysets,
                catalog,
                ingestUrl,
                URI.create("http://localhost:18001"),
                LoginPolicy.CODE,
                new PrintingMailer(System.out::println),
                Duration.ofSeconds(3),
                Duration.ofSeconds(5),
                OnwardSettings.strict(),
                InstallSettings.NONE,
                PageOrigins.NONE);
    }

    /** The same, listening elsewhere. */
    public ApiSettings withAddress(String newHost, int newPort) {
        return with(
                draft -> {
                    draft.host = newHost;
                    draft.port = newPort;
                });
    }

    /** The same, reached by people at another URL. */
    public ApiSettings withApiUrl(URI newApiUrl) {
        return with(draft -> draft.apiUrl = newApiUrl);
    }

    /** The same with another login policy. */
    public ApiSettings withLoginPolicy(LoginPolicy newPolicy) {
        return with(draft -> draft.loginPolicy = newPolicy);
    }

    /** The same, printing codes elsewhere. */
    public ApiSettings withCodePrinter(Consumer<String> newPrinter) {
        return withMailer(new PrintingMailer(newPrinter));
    }

    /** The same with another way to people. */
    public ApiSettings withMailer(Mailer newMailer) {
        return with(draft -> draft.mailer = newMailer);
    }

    /** The same with another wait. */
    public ApiSettings withProvisioningWait(Duration newWait) {
        return with(draft -> draft.provisioningWait = newWait);
    }

    /** The same with another wait for first pages. */
    public ApiSettings withFirstPageWait(Duration newWait) {
        return with(draft -> draft.firstPageWait = newWait);
    }

    /** The same with other rules for what leaves the system. */
    public ApiSettings withOnward(OnwardSettings newOnward) {
        return with(draft -> draft.onward = newOnward);
    }

    /** The same with applications at vendors. */
    public ApiSettings withInstall(InstallSettings newInstall) {
        return with(draft -> draft.install = newInstall);
    }

    /** The same, called by pages of these origins, too. */
    public ApiSettings withPageOrigins(PageOrigins newPageOrigins) {
        return with(draft -> draft.pageOrigins = newPageOrigins);
    }

    private ApiSettings with(Consumer<Draft> change) {
        Draft draft = new Draft(this);
        change.accept(draft);
        return draft.settings();
    }

    /** What may be chosen, while it is chosen. */
    private static final class Draft {
        private final ApiSettings before;
        private String host;
        private int port;
        private URI apiUrl;
        private LoginPolicy loginPolicy;
        private Mailer mailer;
        private Duration provisioningWait;
        private Duration firstPageWait;
        private OnwardSettings onward;
        private InstallSettings install;
        private PageOrigins pageOrigins;

        Draft(ApiSettings before) {
            this.before = before;
            this.host = before.host;
            this.port = before.port;
            this.apiUrl = before.apiUrl;
            this.loginPolicy = before.loginPolicy;
            this.mailer = before.mailer;
            this.provisioningWait = before.provisioningWait;
            this.firstPageWait = before.firstPageWait;
            this.onward = before.onward;
            this.install = before.install;
            this.pageOrigins = before.pageOrigins;
        }

        ApiSettings settings() {
            return new ApiSettings(
                    host,
                    port,
                    before.database,
                    before.keysets,
                    before.catalog,
                    before.ingestUrl,
                    apiUrl,
                    loginPolicy,
                    mailer,
                    provisioningWait,
                    firstPageWait,
                    onward,
                    install,
                    pageOrigins);
        }
    }
}

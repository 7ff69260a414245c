package io.webhookdb.controlplane.api;

import io.javalin.Javalin;
import io.javalin.config.JavalinConfig;
import io.webhookdb.controlplane.api.audit.AuditRoutes;
import io.webhookdb.controlplane.api.audit.AuditTrail;
import io.webhookdb.controlplane.api.auth.AuthRoutes;
import io.webhookdb.controlplane.api.auth.Sessions;
import io.webhookdb.controlplane.api.contact.ContactRoutes;
import io.webhookdb.controlplane.api.db.DatabaseRoutes;
import io.webhookdb.controlplane.api.db.ForeignDataRoutes;
import io.webhookdb.controlplane.api.db.MigrationRoutes;
import io.webhookdb.controlplane.api.db.ReaderAccess;
import io.webhookdb.controlplane.api.db.ReaderUrls;
import io.webhookdb.controlplane.api.db.RollRoutes;
import io.webhookdb.controlplane.api.db.SavedQueryRoutes;
import io.webhookdb.controlplane.api.db.SavedViewRoutes;
import io.webhookdb.controlplane.api.deadletters.DeadLetterRoutes;
import io.webhookdb.controlplane.api.http.ErrorEnvelopes;
import io.webhookdb.controlplane.api.http.JettyErrors;
import io.webhookdb.controlplane.api.http.RequestLimits;
import io.webhookdb.controlplane.api.http.Router;
import io.webhookdb.controlplane.api.install.Claims;
import io.webhookdb.controlplane.api.install.InstallRoutes;
import io.webhookdb.controlplane.api.integrations.IntegrationDirectory;
import io.webhookdb.controlplane.api.integrations.IntegrationRoutes;
import io.webhookdb.controlplane.api.integrations.StatsRoutes;
import io.webhookdb.controlplane.api.integrations.UpsertRoutes;
import io.webhookdb.controlplane.api.listening.ChangeStreams;
import io.webhookdb.controlplane.api.onward.DeliveryRoutes;
import io.webhookdb.controlplane.api.onward.Destinations;
import io.webhookdb.controlplane.api.onward.ErrorHandlerRoutes;
import io.webhookdb.controlplane.api.onward.ReplayRoutes;
import io.webhookdb.controlplane.api.onward.SubscriptionChanges;
import io.webhookdb.controlplane.api.onward.SubscriptionRoutes;
import io.webhookdb.controlplane.api.onward.SyncTargetProbe;
import io.webhookdb.controlplane.api.onward.SyncTargetProgress;
import io.webhookdb.controlplane.api.onward.SyncTargetRoutes;
import io.webhookdb.controlplane.api.openapi.OpenApiRoutes;
import io.webhookdb.controlplane.api.organizations.Access;
import io.webhookdb.controlplane.api.organizations.MemberRoutes;
import io.webhookdb.controlplane.api.organizations.OrganizationRoutes;
import io.webhookdb.controlplane.api.organizations.Organizations;
import io.webhookdb.controlplane.api.organizations.SettingsRoutes;
import io.webhookdb.controlplane.api.provisioned.Entities;
import io.webhookdb.controlplane.api.provisioned.Provisioned;
import io.webhookdb.controlplane.api.services.OrganizationCatalog;
import io.webhookdb.controlplane.api.services.OwnServiceRoutes;
import io.webhookdb.controlplane.api.services.ServiceRoutes;
import io.webhookdb.controlplane.api.status.StatusRoutes;
import io.webhookdb.controlplane.api.subscriptions.PlanRoutes;
import io.webhookdb.controlplane.api.tokens.TokenRoutes;
import io.webhookdb.controlplane.database.ApplicationDatabase;
import io.webhookdb.controlplane.database.KeysetWatch;
import io.webhookdb.controlplane.database.OpaqueIds;
import io.webhookdb.controlplane.outbound.VendorHttp;
import io.webhookdb.schemas.catalog.ServiceDefinition;
import io.webhookdb.security.keyset.Keyset;
import io.webhookdb.security.keyset.SecretCipher;
import io.webhookdb.security.keyset.SecretSealer;
import io.webhookdb.security.signature.SignatureVerifier;
import io.webhookdb.security.tls.TlsFiles;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import org.jdbi.v3.core.Jdbi;

/**
 * The HTTP contract over the application database. Stateless: any number may run beside each other.
 */
public final class ApiServer implements AutoCloseable {
    private static final int DATABASE_CONNECTIONS = 10;
    private static final Duration VENDOR_TIMEOUT = Duration.ofSeconds(10);

    private final ApplicationDatabase database;
    private final Javalin server;
    private final KeysetWatch watch;
    private final ChangeStreams streams;

    private ApiServer(
            ApplicationDatabase database,
            Javalin server,
            KeysetWatch watch,
            ChangeStreams streams) {
        this.database = database;
        this.server = server;
        this.watch = watch;
        this.streams = streams;
    }

    /**
     * Migrates the application database and listens; returns when requests are answered.
     *
     * @throws RuntimeException if the database, a keyset or the port cannot be used; nothing is
     *     left running
     */
    public static ApiServer start(ApiSettings settings) {
        return start(settings, RequestLimits.of(0, 0));
    }

    /** The same, with limits of requests by address. */
    public static ApiServer start(ApiSettings settings, RequestLimits limits) {
        return start(settings, limits, Optional.empty());
    }

    /** The same over TLS, with a certificate that is read again when it changes. */
    public static ApiServer start(
            ApiSettings settings, RequestLimits limits, Optional<TlsFiles> tls) {
        settings.keysets().require(Keyset.INGEST, Keyset.READERS);
        ApplicationDatabase database =
                ApplicationDatabase.open(settings.database(), DATABASE_CONNECTIONS);
        try {
            database.migrate();
            ChangeStreams streams =
                    new ChangeStreams(settings.onward().kafka(), settings.catalog());
            Javalin server =
                    Javalin.create(
                            config -> {
                                configure(config, settings, limits, database.jdbi(), streams);
                                tls.ifPresent(
                                        files ->
                                                TlsListener.of(files)
                                                        .at(settings.host(), settings.port())
                                                        .addTo(config));
                            });
            server.start(settings.host(), settings.port());
            return new ApiServer(
                    database,
                    server,
                    KeysetWatch.start(database.jdbi(), settings.keysets(), "api"),
                    streams);
        } catch (RuntimeException e) {
            database.close();
            throw e;
        }
    }

    /** The port it listens on. */
    public int port() {
        return server.port();
    }

    /** Answers what was begun and stops. */
    @Override
    public void close() {
        watch.close();
        streams.close();
        try {
            server.stop();
        } finally {
            database.close();
        }
    }

    private static void configure(
            JavalinConfig config,
            ApiSettings settings,
            RequestLimits limits,
            Jdbi jdbi,
            ChangeStreams streams) {
        ErrorEnvelopes errors = new ErrorEnvelopes();
        config.startup.showJavalinBanner = false;
        config.http.defaultContentType = "application/json";
        config.jetty.modifyHttpConfiguration(
                http -> {
                    http.setSendServerVersion(false);
                    http.setRequestHeaderSize(16 * 1024);
                });
        config.jetty.modifyServer(server -> server.setErrorHandler(new JettyErrors(errors)));
        config.routes.before(SecurityHeaders.of(settings.apiUrl()));
        config.routes.before(settings.pageOrigins().handler());

        Router router = new Router(config.routes, errors, limits, AuditTrail.on(jdbi));
        SecretCipher readers = settings.keysets().readers();
        Sessions sessions = new Sessions(jdbi);
        Access access = new Access(jdbi, sessions);
        Provisioned provisioned = new Provisioned(jdbi, settings.provisioningWait());
        Organizations organizations = new Organizations(jdbi, provisioned);
        Entities entities = new Entities(jdbi, provisioned);
        new OpenApiRoutes(settings.apiUrl()).addTo(router);
        new StatusRoutes(jdbi).addTo(router);
        new ContactRoutes(jdbi).addTo(router);
        new AuthRoutes(
                        jdbi,
                        sessions,
                        organizations,
                        settings.loginPolicy(),
                        readers,
                        settings.mailer(),
                        settings.apiUrl())
                .addTo(router);
        new OrganizationRoutes(access, organizations, provisioned).addTo(router);
        new MemberRoutes(jdbi, access, settings.mailer()).addTo(router);
        new SettingsRoutes(access, organizations).addTo(router);
        new PlanRoutes(jdbi, access).addTo(router);
        OrganizationCatalog offered =
                new OrganizationCatalog(jdbi, settings.catalog().only(ApiServer::isOffered));
        new ServiceRoutes(access, offered, settings.catalog()).addTo(router);
        ReaderUrls urls = new ReaderUrls(jdbi, readers, settings.onward().outbound());
        ReaderAccess hashes = new ReaderAccess(access, urls);
        new IntegrationRoutes(
                        jdbi,
                        access,
                        hashes::organization,
                        offered,
                        settings.keysets(),
                        settings.ingestUrl(),
                        provisioned,
                        settings.firstPageWait(),
                        entities,
                        settings.catalog(),
                        settings.install(),
                        settings.apiUrl())
                .addTo(router);
        install(router, settings, jdbi);
        IntegrationDirectory directory = new IntegrationDirectory(jdbi);
        new StatsRoutes(jdbi, access, directory).addTo(router);
        new DeadLetterRoutes(jdbi, access, directory, provisioned).addTo(router);
        SecretSealer sealer = settings.keysets().connectionsSealer();
        Destinations destinations = new Destinations(settings.onward().outbound());
        new OwnServiceRoutes(jdbi, access, offered, provisioned, destinations).addTo(router);
        new UpsertRoutes(jdbi, access, directory, offered, sealer).addTo(router);
        new SubscriptionRoutes(access, directory, entities, offered, sealer, destinations)
                .addTo(router);
        new SubscriptionChanges(
                        access,
                        directory,
                        offered,
                        entities,
                        sealer,
                        destinations,
                        Clock.systemUTC())
                .addTo(router);
        new DeliveryRoutes(jdbi, access, entities, Clock.systemUTC()).addTo(router);
        for (SyncTargetRoutes.Family family : SyncTargetRoutes.Family.values()) {
            new SyncTargetRoutes(
                            family,
                            access,
                            directory,
                            offered,
                            entities,
                            sealer,
                            new SyncTargetProbe(settings.onward().outbound()),
                            new SyncTargetProgress(jdbi),
                            settings.onward())
                    .addTo(router);
        }
        new ErrorHandlerRoutes(access, entities, sealer, destinations).addTo(router);
        new ReplayRoutes(jdbi, access, directory, entities, Clock.systemUTC()).addTo(router);
        streams.addTo(router, access, directory);
        new DatabaseRoutes(access, urls).addTo(router);
        new MigrationRoutes(jdbi, access, urls, readers, sealer, settings.onward().outbound())
                .addTo(router);
        new ForeignDataRoutes(jdbi, access, urls).addTo(router);
        new RollRoutes(jdbi, access, urls, provisioned).addTo(router);
        new SavedQueryRoutes(jdbi, access, urls, settings.apiUrl()).addTo(router);
        new SavedViewRoutes(jdbi, access, urls, provisioned).addTo(router);
        new TokenRoutes(jdbi, access).addTo(router);
        new AuditRoutes(jdbi, access).addTo(router);
    }

    private static void install(Router router, ApiSettings settings, Jdbi jdbi) {
        new InstallRoutes(
                        settings.catalog(),
                        settings.install(),
                        settings.apiUrl(),
                        new VendorHttp(settings.onward().outbound(), VENDOR_TIMEOUT),
                        new Claims(
                                jdbi,
                                settings.keysets().connectionsSealer(),
                                () -> OpaqueIds.next("svi")))
                .addTo(router);
    }

    /**
     * What this release can fill: pushed by the vendor, with a proof of origin that can be checked,
     * or not pushed at all and fetched. The catalogue describes more.
     */
    private static boolean isOffered(ServiceDefinition service) {
        return service.supportsWebhooks()
                ? SignatureVerifier.isSupported(service.verification())
                : service.backfill() != null;
    }
}

package io.webhookdb.controlplane;

import io.webhookdb.controlplane.api.ApiServer;
import io.webhookdb.controlplane.api.ApiSettings;
import io.webhookdb.controlplane.api.http.PageOrigins;
import io.webhookdb.controlplane.api.onward.OnwardSettings;
import io.webhookdb.controlplane.mail.PrintingMailer;
import io.webhookdb.controlplane.provisioner.Isolation;
import io.webhookdb.controlplane.provisioner.MigrationSettings;
import io.webhookdb.controlplane.provisioner.Provisioner;
import io.webhookdb.controlplane.provisioner.ProvisionerSettings;
import io.webhookdb.controlplane.provisioner.TopicSettings;
import io.webhookdb.controlplane.provisioner.Upkeep;
import io.webhookdb.controlplane.provisioner.alerts.AlertSettings;
import io.webhookdb.controlplane.provisioner.alerts.Installation;
import io.webhookdb.embedded.EmbeddedKafka;
import io.webhookdb.embedded.EmbeddedPostgresServer;
import io.webhookdb.schemas.catalog.Catalog;
import io.webhookdb.security.connection.PostgresUrl;
import io.webhookdb.security.kafka.KafkaAccess;
import io.webhookdb.security.keyset.KeysetFolder;
import io.webhookdb.security.outbound.OutboundPolicy;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

/** A control plane as it is deployed, on an embedded server and broker. */
public final class TestingSystem implements AutoCloseable {
    /** What ingest would be reached by. */
    public static final URI INGEST = URI.create("http://ingest.example");

    /** Least seconds between two syncs. */
    public static final int MIN_SYNC_PERIOD = 60;

    /** The only range that may be called besides public addresses. */
    private static final String LOOPBACK = "127.0.0.0/8";

    private final Map<String, String> apiBases = new ConcurrentHashMap<>();

    private static final List<String> API_KEYSETS =
            List.of("ingest.json", "readers.json", "connections.public.json");
    private static final List<String> PROVISIONER_KEYSETS =
            List.of("ingest.json", "readers.json", "connections.json", "connections.public.json");
    private static final String APPLICATION_PASSWORD = "application-database-password";

    private final EmbeddedPostgresServer postgres;
    private final EmbeddedKafka kafka;
    private final List<PostgresUrl> moreServers;
    private final Isolation isolation;
    private final KeysetFolder keysets;
    private final KeysetFolder provisionerKeysets;
    private final PostgresUrl application;
    private final Map<String, String> codes = new ConcurrentHashMap<>();
    private final Queue<String> printed = new ConcurrentLinkedQueue<>();
    private final ApiServer api;
    private Provisioner provisioner;

    private TestingSystem(
            EmbeddedPostgresServer postgres,
            EmbeddedKafka kafka,
            Path keysetFolder,
            List<PostgresUrl> moreServers,
            Isolation isolation,
            UnaryOperator<ApiSettings> apiSettings) {
        this.isolation = isolation;
        this.postgres = postgres;
        this.moreServers = List.copyOf(moreServers);
        this.kafka = kafka;
        this.keysets = KeysetFolder.openOrGenerate(keysetFolder);
        this.provisionerKeysets = only(keysetFolder, PROVISIONER_KEYSETS);
        this.application = createApplicationDatabase();
        ApiSettings settings =
                ApiSettings.of(application, only(keysetFolder, API_KEYSETS), Catalog.load(), INGEST)
                        .withCodePrinter(this::noteCode)
                        .withFirstPageWait(Duration.ZERO)
                        .withPageOrigins(PageOrigins.of("http://localhost:*"))
                        .withOnward(
                                OnwardSettings.of(LOOPBACK, MIN_SYNC_PERIOD).withKafka(access()));
        startProvisioner();
        try {
            this.api = ApiServer.start(apiSettings.apply(settings));
        } catch (RuntimeException e) {
            provisioner.close();
            throw e;
        }
    }

    /** With login codes, and answers that wait for their effect. */
    public static TestingSystem start(Path keysetFolder) {
        return start(keysetFolder, List.of(), settings -> settings);
    }

    /** With further replication servers and other settings of the api. */
    public static TestingSystem start(
            Path keysetFolder,
            List<PostgresUrl> moreServers,
            UnaryOperator<ApiSettings> apiSettings) {
        return start(keysetFolder, moreServers, Isolation.DATABASE_USER, apiSettings);
    }

    /** With another isolation of organizations, too. */
    public static TestingSystem start(
            Path keysetFolder,
            List<PostgresUrl> moreServers,
            Isolation isolation,
            UnaryOperator<ApiSettings> apiSettings) {
        EmbeddedPostgresServer postgres =
                EmbeddedPostgresServer.start(EmbeddedPostgresServer.Settings.temporary());
        try {
            EmbeddedKafka kafka = EmbeddedKafka.start(EmbeddedKafka.Settings.temporary());
            try {
                return new TestingSystem(
                        postgres, kafka, keysetFolder, moreServers, isolation, apiSettings);
            } catch (RuntimeException e) {
                kafka.close();
                throw e;
            }
        } catch (RuntimeException e) {
            postgres.close();
            throw e;
        }
    }

    public int apiPort() {
        return api.port();
    }

    /** A client without a session. */
    public TestingClient client() {
        return TestingClient.of(api.port());
    }

    /** A client with a session, through a code. */
    public TestingClient login(String email) {
        TestingClient client = client();
        client.post("/v1/auth", Map.of("email", email));
        client.adoptSession(client.post("/v1/auth", Map.of("email", email, "token", code(email))));
        return client;
    }

    /** The code last printed for an address. */
    public String code(String email) {
        return codes.get(email);
    }

    /** Everything else that was printed. */
    public List<String> printed() {
        return List.copyOf(printed);
    }

    public String bootstrap() {
        return kafka.bootstrapServers();
    }

    private KafkaAccess access() {
        return KafkaAccess.plain(bootstrap());
    }

    public KeysetFolder keysets() {
        return keysets;
    }

    public PostgresUrl application() {
        return application;
    }

    public PostgresUrl superuser() {
        return PostgresUrl.parse(postgres.superuserUrl());
    }

    public EmbeddedPostgresServer postgres() {
        return postgres;
    }

    public EmbeddedKafka kafka() {
        return kafka;
    }

    public void startProvisioner() {
        provisioner = newProvisioner();
    }

    /** With another calendar. */
    public void startProvisioner(UnaryOperator<Upkeep> calendar) {
        provisioner = newProvisioner(calendar);
    }

    /** One more, beside the one there is. */
    public Provisioner newProvisioner() {
        return newProvisioner(usual -> usual);
    }

    private Provisioner newProvisioner(UnaryOperator<Upkeep> calendar) {
        return Provisioner.start(
                ProvisionerSettings.of(
                                application,
                                Stream.concat(Stream.of(superuser()), moreServers.stream())
                                        .toList(),
                                access(),
                                TopicSettings.standalone(2),
                                provisionerKeysets)
                        .withIsolation(isolation)
                        .withMigrations(MigrationSettings.of(LOOPBACK))
                        .withUpkeep(calendar.apply(Upkeep.USUAL.withApiBases(apiBases))),
                new AlertSettings(
                        new PrintingMailer(this::noteCode),
                        OutboundPolicy.parse(LOOPBACK),
                        new Installation("https://api.example.org", "ops@example.org")));
    }

    /** From now on the provisioner calls the vendor's API here. */
    public void apiBase(String vendor, String base) {
        apiBases.put(vendor, base);
    }

    public void stopProvisioner() {
        provisioner.close();
    }

    /** A connection of that URL's role. */
    public static Connection connect(PostgresUrl url) throws SQLException {
        return DriverManager.getConnection(url.jdbcUrl(), url.user(), url.password());
    }

    @Override
    public void close() {
        api.close();
        provisioner.close();
        kafka.close();
        postgres.close();
    }

    /** What one process is given: a folder with these files and no others. */
    private static KeysetFolder only(Path all, List<String> files) {
        try {
            Path folder = Files.createTempDirectory(all, "process-");
            for (String file : files) {
                Files.copy(all.resolve(file), folder.resolve(file));
            }
            return KeysetFolder.open(folder);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void noteCode(String line) {
        String prefix = "login code for ";
        if (!line.startsWith(prefix)) {
            printed.add(line);
            return;
        }
        int colon = line.lastIndexOf(": ");
        codes.put(line.substring(prefix.length(), colon), line.substring(colon + 2));
    }

    private PostgresUrl createApplicationDatabase() {
        PostgresUrl superuser = superuser();
        try (Connection connection = connect(superuser);
                Statement statement = connection.createStatement()) {
            statement.execute(
                    "CREATE ROLE application LOGIN PASSWORD '" + APPLICATION_PASSWORD + "'");
            statement.execute("CREATE DATABASE application OWNER application");
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
        return superuser.with("application", "application", APPLICATION_PASSWORD);
    }
}

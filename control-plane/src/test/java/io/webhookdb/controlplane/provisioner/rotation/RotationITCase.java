package io.webhookdb.controlplane.provisioner.rotation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.webhookdb.controlplane.TestingControlTopic;
import io.webhookdb.controlplane.TestingSystem;
import io.webhookdb.controlplane.TestingTenant;
import io.webhookdb.controlplane.database.ApplicationDatabase;
import io.webhookdb.controlplane.database.KeysetHoldings;
import io.webhookdb.schemas.catalog.Owners;
import io.webhookdb.schemas.control.IntegrationControl;
import io.webhookdb.security.keyset.HeldKeys;
import io.webhookdb.security.keyset.KeyOf;
import io.webhookdb.security.keyset.KeysetFolder;
import io.webhookdb.security.keyset.SecretSealer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** With the real control plane, in folders of its own; ingest and a job are played. */
class RotationITCase {
    private static final RotationTimes QUICK =
            new RotationTimes(Duration.ZERO, Duration.ofSeconds(30));
    private static final String SECRET = "whsec_rotation";
    private static final int OWNERS = 501;

    @TempDir Path directory;
    private final Set<RotationStep> killedIn = new HashSet<>();
    private Path folder;
    private TestingSystem system;
    private ApplicationDatabase database;
    private TestingTenant tenant;

    @BeforeEach
    void start() {
        folder = directory.resolve("keysets");
        system = TestingSystem.start(folder);
        database = ApplicationDatabase.open(system.application(), 4);
        tenant = TestingTenant.of(system, "rotation@example.org", "shopify_order_v1");
        tenant.client().post(path() + "/transition/webhook_secret", Map.of("value", SECRET));
        tenant.client().post(path() + "/roll_api_key");
        tenant.client()
                .post(
                        "/v1/organizations/"
                                + tenant.organization()
                                + "/webhook_subscriptions/create",
                        Map.of(
                                "service_integration_identifier",
                                "org",
                                "url",
                                "https://1.1.1.1/",
                                "webhook_secret",
                                SECRET));
        heard(0);
    }

    @AfterEach
    void stop() {
        database.close();
        system.close();
    }

    @Test
    void goesOnWhereItWasKilledAtEachStep() throws SQLException {
        Set<Long> old = keys();
        JsonNode owners = owners();
        long id = rotation().begin(Set.of());

        await().atMost(Duration.ofMinutes(2))
                .pollInterval(Duration.ofMillis(200))
                .until(() -> killedAndAdvanced(id) == RotationStep.DONE);

        assertThat(killedIn).hasSize(RotationStep.values().length - 1);
        assertThat(keys()).hasSize(old.size()).doesNotContainAnyElementsOf(old);
        assertThat(ciphertexts())
                .isNotEmpty()
                .allMatch(text -> !old.contains(KeyOf.ciphertext(text)));
        assertThat(sealedInRows(owners))
                .hasSize(OWNERS * 3)
                .allSatisfy(
                        (text, context) -> {
                            assertThat(old).doesNotContain(KeyOf.ciphertext(text));
                            assertThat(
                                            KeysetFolder.open(folder)
                                                    .connectionsOpener()
                                                    .open(text, context))
                                    .startsWith("rt-");
                        });
        assertThat(tenant.sql("select 1").status()).isEqualTo(200);
        try (Connection owner = TestingSystem.connect(tenant.owner());
                Connection reader = TestingSystem.connect(tenant.reader())) {
            assertThat(owner.isValid(5)).isTrue();
            assertThat(reader.isValid(5)).isTrue();
        }
        IntegrationControl control =
                (IntegrationControl)
                        TestingControlTopic.newest(
                                        system.bootstrap(),
                                        IntegrationControl.key(tenant.integration()))
                                .orElseThrow();
        assertThat(
                        KeysetFolder.open(folder)
                                .ingest()
                                .decrypt(
                                        control.webhookSecretCiphertext(),
                                        IntegrationControl.webhookSecretContext(
                                                tenant.integration())))
                .isEqualTo(SECRET);
        assertThat(rotation().isRunning()).isFalse();
    }

    /** A table of owners with credentials, more of them than are read at once. */
    private JsonNode owners() throws SQLException {
        String integrations =
                "/v1/organizations/" + tenant.organization() + "/service_integrations";
        tenant.client()
                .post(integrations + "/create", Map.of("service_name", "google_calendar_list_v1"));
        for (JsonNode one : tenant.client().get(integrations).body().path("items")) {
            if (one.path("service_name").asText().equals("google_calendar_list_v1")) {
                fill(one);
                return one;
            }
        }
        throw new AssertionError("No integration of owners");
    }

    private void fill(JsonNode owners) throws SQLException {
        SecretSealer sealer = system.keysets().connectionsSealer();
        try (Connection owner = TestingSystem.connect(tenant.owner());
                PreparedStatement insert =
                        owner.prepareStatement(
                                "INSERT INTO public."
                                        + owners.path("table_name").asText()
                                        + " (external_owner_id, encrypted_refresh_token, _version,"
                                        + " _synced_at, data) VALUES (?, ?, '\\x01', now(),"
                                        + " jsonb_build_object('encrypted_refresh_token', ?,"
                                        + " 'encrypted_channel_key', ?))")) {
            for (int i = 0; i < OWNERS; i++) {
                insert.setString(1, "owner-" + i);
                insert.setString(2, sealer.seal("rt-column", refreshContext(owners)));
                insert.setString(3, sealer.seal("rt-data", refreshContext(owners)));
                insert.setString(4, sealer.seal("rt-channels", channelContext(owners)));
                insert.addBatch();
            }
            insert.executeBatch();
        }
    }

    private static String refreshContext(JsonNode owners) {
        return Owners.context(owners.path("opaque_id").asText(), "refresh_token");
    }

    private static String channelContext(JsonNode owners) {
        return Owners.context(owners.path("opaque_id").asText(), Owners.CHANNEL_KEY);
    }

    /** Ciphertexts in rows, and under what each is sealed. */
    private Map<String, String> sealedInRows(JsonNode owners) throws SQLException {
        Map<String, String> found = new HashMap<>();
        try (Connection owner = TestingSystem.connect(tenant.owner());
                Statement statement = owner.createStatement();
                ResultSet row =
                        statement.executeQuery(
                                "SELECT encrypted_refresh_token, data ->>"
                                    + " 'encrypted_refresh_token', data ->> 'encrypted_channel_key'"
                                    + " FROM public."
                                        + owners.path("table_name").asText())) {
            while (row.next()) {
                found.put(row.getString(1), refreshContext(owners));
                found.put(row.getString(2), refreshContext(owners));
                found.put(row.getString(3), channelContext(owners));
            }
        }
        return found;
    }

    @Test
    void waitsForThePartThatHasNotRead() {
        long id = rotation().begin(Set.of());
        rotation().advance();
        assertThat(rotation().progress(id).step()).isEqualTo(RotationStep.AWAIT_DISTRIBUTED);
        assertThat(rotation().advance()).isFalse();
        assertThat(rotation().progress(id).waitingFor())
                .anyMatch(reason -> reason.startsWith("api/"))
                .anyMatch(reason -> reason.startsWith("ingest/1 has not read key"));
        assertThat(rotation().begin(Set.of())).isEqualTo(id);
    }

    @Test
    void retiresNothingWhereASecretCannotBeMoved() {
        Set<Long> old = keys();
        database.jdbi()
                .useHandle(
                        handle ->
                                handle.execute(
                                        "UPDATE integrations SET api_key_encrypted = (SELECT"
                                            + " readonly_url_encrypted FROM organization_databases"
                                            + " LIMIT 1)"));
        rotation().begin(Set.of());

        assertThatThrownBy(
                        () ->
                                await().atMost(Duration.ofMinutes(1))
                                        .until(
                                                () -> {
                                                    distribute();
                                                    heard(0);
                                                    rotation().advance();
                                                    return false;
                                                }))
                .hasStackTraceContaining("The rotation cannot go on")
                .hasStackTraceContaining(tenant.integration() + "/webhookdb_api_key");
        assertThat(keys()).containsAll(old);
    }

    /** What a kill leaves is a file that was changed, or not, and a step that was not noted. */
    private RotationStep killedAndAdvanced(long id) {
        distribute();
        heard(rotation().progress(id).step().ordinal());
        RotationStep before = rotation().progress(id).step();
        rotation().advance();
        if (rotation().progress(id).step() != before && killedIn.add(before)) {
            database.jdbi()
                    .useHandle(
                            handle ->
                                    handle.execute(
                                            "UPDATE key_rotations SET step = ?, finished_at = NULL"
                                                    + " WHERE id = ?",
                                            before.name(),
                                            id));
            rotation().advance();
        }
        return rotation().progress(id).step();
    }

    private Rotation rotation() {
        return new Rotation(database.jdbi(), KeysetFolder.open(folder), QUICK);
    }

    private String path() {
        return tenant.path();
    }

    /** What an operator does with the folder: every process gets its files again. */
    private void distribute() {
        try (Stream<Path> all = Files.list(folder)) {
            for (Path process : all.filter(Files::isDirectory).toList()) {
                try (Stream<Path> files = Files.list(process)) {
                    for (Path file : files.toList()) {
                        Path copy = process.resolveSibling(file.getFileName() + ".copy");
                        Files.copy(
                                folder.resolve(file.getFileName()),
                                copy,
                                StandardCopyOption.REPLACE_EXISTING);
                        Files.move(copy, file, StandardCopyOption.ATOMIC_MOVE);
                    }
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * Ingest and a job tell what the folder has; from the step of applying on they have applied.
     */
    private void heard(int step) {
        long micros = step >= RotationStep.AWAIT_APPLIED.ordinal() ? Long.MAX_VALUE : 0;
        database.jdbi()
                .useTransaction(
                        handle -> {
                            for (HeldKeys held : KeysetFolder.open(folder).held()) {
                                if (held.keyset().equals("ingest")) {
                                    KeysetHoldings.told(handle, "ingest/1", held, micros, -1);
                                } else if (held.keyset().equals("connections")) {
                                    KeysetHoldings.told(handle, "replication/0/a", held, micros, 1);
                                }
                            }
                        });
    }

    private Set<Long> keys() {
        Set<Long> keys = new HashSet<>();
        KeysetFolder.open(folder).held().stream()
                .filter(held -> !held.keyset().endsWith(".public"))
                .map(HeldKeys::all)
                .forEach(keys::addAll);
        return keys;
    }

    private List<String> ciphertexts() {
        return database.jdbi()
                .withHandle(
                        handle ->
                                handle.createQuery(
                                                "SELECT owner_password_sealed FROM"
                                                    + " organization_databases UNION ALL SELECT"
                                                    + " readonly_url_encrypted FROM"
                                                    + " organization_databases UNION ALL SELECT"
                                                    + " webhook_secret_encrypted FROM integrations"
                                                    + " UNION ALL SELECT api_key_encrypted FROM"
                                                    + " integrations UNION ALL SELECT"
                                                    + " code_hash_encrypted FROM login_codes UNION"
                                                    + " ALL SELECT CAST(record AS json) ->>"
                                                    + " 'secretCiphertext' FROM control_documents")
                                        .mapTo(String.class)
                                        .filter(Objects::nonNull)
                                        .list());
    }
}

package io.webhookdb.controlplane.provisioner.registration;

import io.webhookdb.controlplane.database.ProvisioningQueue;
import io.webhookdb.controlplane.outbound.VendorHttp;
import io.webhookdb.controlplane.provisioner.alerts.Alert;
import io.webhookdb.controlplane.provisioner.alerts.AlertKind;
import io.webhookdb.controlplane.provisioner.alerts.Alerts;
import io.webhookdb.controlplane.provisioner.periodic.PeriodicTask;
import io.webhookdb.controlplane.provisioner.registration.Registrar.Registered;
import io.webhookdb.schemas.catalog.Catalog;
import io.webhookdb.schemas.catalog.ServiceDefinition;
import io.webhookdb.schemas.catalog.Setup.StoredField;
import io.webhookdb.schemas.control.IntegrationControl;
import io.webhookdb.schemas.control.VendorAccess;
import io.webhookdb.security.keyset.KeysetFolder;
import io.webhookdb.security.keyset.SecretUnreadableException;
import io.webhookdb.security.outbound.OutboundPolicy;
import java.io.IOException;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.statement.StatementContext;

/**
 * Carries out what people ordered of vendors' webhooks, and looks every day whether what was
 * registered still is: vendors drop endpoints that failed for long.
 */
public final class RegistrationWork {
    private static final Duration PERIOD = Duration.ofSeconds(1);
    private static final Duration LIMIT = Duration.ofSeconds(10);
    private static final int AT_ONCE = 4;
    private static final String DUE =
            "SELECT r.request, r.answered, r.endpoint, i.* FROM vendor_registrations r JOIN"
                    + " integrations i ON i.id = r.integration_id AND i.state = 'active' WHERE"
                    + " r.answered < r.request OR r.check_at <= now() ORDER BY r.answered <"
                    + " r.request DESC, r.requested_at LIMIT "
                    + AT_ONCE;

    private final Jdbi jdbi;
    private final KeysetFolder keysets;
    private final Map<String, String> apiBases;
    private final Registrar registrar;
    private final Catalog catalog = Catalog.load();

    private RegistrationWork(
            Jdbi jdbi, KeysetFolder keysets, OutboundPolicy policy, Map<String, String> apiBases) {
        this.jdbi = jdbi;
        this.keysets = keysets;
        this.apiBases = apiBases;
        this.registrar = new Registrar(new VendorHttp(policy, LIMIT));
    }

    /**
     * The task.
     *
     * @param keysets open credentials and encrypt signing secrets
     * @param apiBases base URL by vendor, instead of the catalogue's
     */
    public static PeriodicTask task(
            Jdbi jdbi, KeysetFolder keysets, OutboundPolicy policy, Map<String, String> apiBases) {
        return new PeriodicTask(
                "vendor-registration",
                PERIOD,
                new RegistrationWork(jdbi, keysets, policy, apiBases)::work);
    }

    private record Due(
            long id,
            String opaqueId,
            String service,
            String endpoint,
            long request,
            boolean check,
            long organization,
            Map<StoredField, String> stored) {}

    /** What is said of one. */
    private record Said(String outcome, String message, Optional<String> secret) {}

    private void work() {
        List<Due> due =
                jdbi.withHandle(
                        handle -> handle.createQuery(DUE).map(RegistrationWork::row).list());
        if (due.isEmpty()) {
            return;
        }
        ExecutorService threads = Executors.newFixedThreadPool(due.size());
        try {
            threads.invokeAll(due.stream().map(this::carriedOut).toList());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            threads.shutdownNow();
        }
    }

    private Callable<Void> carriedOut(Due due) {
        return () -> {
            Said said = said(due);
            jdbi.useTransaction(handle -> note(handle, due, said));
            return null;
        };
    }

    private Said said(Due due) {
        ServiceDefinition service = catalog.service(due.service()).orElse(null);
        if (service == null || service.registration() == null) {
            return failed("The webhooks of " + due.service() + " cannot be registered from here");
        }
        try {
            RegistrationPlan plan =
                    new RegistrationPlan(
                            service, opened(due), due.endpoint(), apiBases.get(service.vendor()));
            Registered registered = registrar.register(plan, secret(due));
            return new Said(
                    registered.made() == 0 ? "kept" : "registered",
                    String.join(", ", service.registration().events()),
                    registered.secret());
        } catch (IOException | IllegalArgumentException e) {
            return failed(e.getMessage());
        } catch (SecretUnreadableException e) {
            return failed("The stored credentials cannot be read; set them anew");
        }
    }

    private static Said failed(String message) {
        return new Said("failed", message, Optional.empty());
    }

    private Map<StoredField, String> opened(Due due) {
        Map<StoredField, String> fields = new EnumMap<>(StoredField.class);
        due.stored()
                .forEach(
                        (field, value) -> {
                            if (field == StoredField.API_URL) {
                                fields.put(field, value);
                            } else if (field != StoredField.WEBHOOK_SECRET) {
                                fields.put(
                                        field,
                                        keysets.connectionsOpener()
                                                .open(
                                                        value,
                                                        VendorAccess.context(
                                                                due.opaqueId(), field)));
                            }
                        });
        return fields;
    }

    private Optional<String> secret(Due due) {
        return Optional.ofNullable(due.stored().get(StoredField.WEBHOOK_SECRET))
                .map(
                        encrypted ->
                                keysets.ingest()
                                        .decrypt(
                                                encrypted,
                                                IntegrationControl.webhookSecretContext(
                                                        due.opaqueId())));
    }

    private void note(Handle handle, Due due, Said said) {
        said.secret()
                .ifPresent(
                        secret -> {
                            handle.execute(
                                    "UPDATE integrations SET webhook_secret_encrypted = ?, revision"
                                            + " = revision + 1 WHERE id = ? AND state = 'active'",
                                    keysets.ingest()
                                            .encrypt(
                                                    secret,
                                                    IntegrationControl.webhookSecretContext(
                                                            due.opaqueId())),
                                    due.id());
                            ProvisioningQueue.add(
                                    handle, ProvisioningQueue.Kind.INTEGRATION, due.id());
                        });
        if (due.check() && said.outcome().equals("failed")) {
            Alerts.raise(handle, alert(due, said));
        }
        handle.execute(
                "UPDATE vendor_registrations SET answered = ?, outcome = ?, message = ?, check_at ="
                        + " CASE WHEN ? = 'failed' AND check_at IS NULL THEN NULL ELSE now() +"
                        + " interval '1 day' END WHERE integration_id = ?",
                due.request(),
                said.outcome(),
                said.message(),
                said.outcome(),
                due.id());
    }

    private static Alert alert(Due due, Said said) {
        return new Alert(
                AlertKind.WEBHOOK_REGISTRATION,
                due.organization(),
                due.opaqueId(),
                due.opaqueId(),
                "Webhooks of " + due.service() + " are not registered any more",
                "It cannot be seen to that the vendor sends webhooks of "
                        + due.opaqueId()
                        + ": "
                        + said.message()
                        + ". Try it again with `webhookdb integrations register "
                        + due.opaqueId()
                        + "`.",
                Map.of("opaque_id", due.opaqueId(), "failure", said.message()));
    }

    private static Due row(ResultSet row, StatementContext context) throws SQLException {
        Map<StoredField, String> stored = new EnumMap<>(StoredField.class);
        put(stored, StoredField.WEBHOOK_SECRET, row.getString("webhook_secret_encrypted"));
        put(stored, StoredField.BACKFILL_KEY, row.getString("backfill_key_sealed"));
        put(stored, StoredField.BACKFILL_SECRET, row.getString("backfill_secret_sealed"));
        put(stored, StoredField.API_URL, row.getString("api_url"));
        return new Due(
                row.getLong("id"),
                row.getString("opaque_id"),
                row.getString("service_name"),
                row.getString("endpoint"),
                row.getLong("request"),
                row.getLong("answered") == row.getLong("request"),
                row.getLong("organization_id"),
                stored);
    }

    private static void put(Map<StoredField, String> stored, StoredField field, String value) {
        if (value != null) {
            stored.put(field, value);
        }
    }
}

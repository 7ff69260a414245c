package io.webhookdb.controlplane.api.integrations;

import io.webhookdb.controlplane.api.http.ApiException;
import io.webhookdb.schemas.catalog.ServiceDefinition;
import io.webhookdb.schemas.catalog.Setup.StoredField;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import org.jdbi.v3.core.Jdbi;

/**
 * Orders webhook endpoints at vendors. The provisioner makes them, since it alone can open the
 * credentials.
 */
final class Registrations {
    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final Duration PAUSE = Duration.ofMillis(200);

    private final Jdbi jdbi;
    private final Endpoints endpoints;

    Registrations(Jdbi jdbi, Endpoints endpoints) {
        this.jdbi = jdbi;
        this.endpoints = endpoints;
    }

    /** What the vendor said. */
    private record Outcome(String word, String message) {}

    /**
     * Has the vendor send webhooks of an integration whose credentials are stored.
     *
     * @return what came of it, for people
     * @throws ApiException 409 if that cannot be done from here, 400 with the vendor's refusal
     */
    String register(Integration integration, ServiceDefinition service) {
        if (service.registration() == null) {
            throw ApiException.of(
                    409,
                    "registration_not_supported",
                    "The webhooks of "
                            + service.name()
                            + " cannot be registered from here. Run `webhookdb integrations setup "
                            + integration.opaqueId()
                            + "` to see where the vendor has to send them.");
        }
        long request = order(integration);
        Optional<Outcome> outcome = awaited(integration, request);
        if (outcome.isEmpty()) {
            return "The vendor has not answered yet. Run this again to see what it said.";
        }
        if (outcome.get().word().equals("failed")) {
            throw ApiException.invalidInput(
                    "The vendor did not register the webhooks of "
                            + integration.opaqueId()
                            + ": "
                            + outcome.get().message()
                            + ".");
        }
        return said(integration, service, outcome.get());
    }

    private String said(Integration integration, ServiceDefinition service, Outcome outcome) {
        boolean ownSecret =
                service.registration().secretMember() != null
                        || service.registration().secretAnswer() != null;
        String secret =
                ownSecret || integration.has(StoredField.WEBHOOK_SECRET)
                        ? ""
                        : " Run `webhookdb integrations setup "
                                + integration.opaqueId()
                                + "` to set the secret they are signed with.";
        return (outcome.word().equals("kept")
                        ? service.vendorName() + " already sends "
                        : service.vendorName() + " now sends ")
                + outcome.message()
                + " to "
                + endpoints.ingest(integration)
                + "."
                + secret;
    }

    private long order(Integration integration) {
        return jdbi.withHandle(
                handle ->
                        handle.createQuery(
                                        "INSERT INTO vendor_registrations AS r (integration_id,"
                                            + " endpoint) VALUES (:id, :endpoint) ON CONFLICT"
                                            + " (integration_id) DO UPDATE SET request = r.request"
                                            + " + 1, endpoint = excluded.endpoint, requested_at ="
                                            + " now() RETURNING request")
                                .bind("id", integration.id())
                                .bind("endpoint", endpoints.ingest(integration))
                                .mapTo(Long.class)
                                .one());
    }

    private Optional<Outcome> awaited(Integration integration, long request) {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        Optional<Outcome> outcome = outcome(integration, request);
        while (outcome.isEmpty() && System.nanoTime() < deadline) {
            LockSupport.parkNanos(PAUSE.toNanos());
            outcome = outcome(integration, request);
        }
        return outcome;
    }

    private Optional<Outcome> outcome(Integration integration, long request) {
        return jdbi.withHandle(
                handle ->
                        handle.createQuery(
                                        "SELECT outcome, message FROM vendor_registrations WHERE"
                                                + " integration_id = :id AND answered >= :request")
                                .bind("id", integration.id())
                                .bind("request", request)
                                .map(
                                        (row, context) ->
                                                new Outcome(
                                                        row.getString("outcome"),
                                                        row.getString("message")))
                                .findOne());
    }
}

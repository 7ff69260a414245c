package io.webhookdb.jobs.replication;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.webhookdb.connectors.kafka.IncomingEvent;
import io.webhookdb.schemas.control.ControlRecord.State;
import io.webhookdb.schemas.control.DefinitionControl;
import io.webhookdb.schemas.control.IntegrationControl;
import io.webhookdb.schemas.control.OrganizationControl;
import io.webhookdb.schemas.event.Event;
import io.webhookdb.schemas.event.Origin;
import java.util.Map;
import java.util.UUID;

/** What the replication job is told of organization 5, and events of its integrations. */
final class TestingRecords {
    private TestingRecords() {}

    static IntegrationControl integration(String id, long revision, State state) {
        return new IntegrationControl(
                id,
                5,
                revision,
                state,
                TestingSystem.CUSTOMERS.name(),
                TestingSystem.CUSTOMERS.hash(),
                "table",
                null,
                IntegrationControl.VerificationMode.SKIP,
                9);
    }

    static OrganizationControl organization(long revision, State state) {
        return new OrganizationControl(
                5,
                "org",
                revision,
                state,
                new OrganizationControl.Database("host", 1, "db", "public", "user", "x", 1));
    }

    static DefinitionControl definition() {
        return new DefinitionControl(TestingSystem.CUSTOMERS.hash(), TestingSystem.CUSTOMERS);
    }

    static IncomingEvent event(String integration, long revision, String body) {
        return new IncomingEvent(
                new Event(
                        new UUID(1, 1),
                        integration,
                        revision,
                        1,
                        Origin.WEBHOOK,
                        "POST",
                        "/",
                        "",
                        "",
                        Map.of(),
                        "",
                        body.getBytes(UTF_8)),
                "topic",
                1,
                2,
                null);
    }
}

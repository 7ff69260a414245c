package io.webhookdb.controlplane.api.integrations;

import static org.assertj.core.api.Assertions.assertThat;

import io.webhookdb.controlplane.api.http.Step;
import io.webhookdb.controlplane.api.integrations.SetupMachine.Mode;
import io.webhookdb.controlplane.api.integrations.SetupMachine.Turn;
import io.webhookdb.schemas.catalog.Catalog;
import io.webhookdb.schemas.catalog.ColumnType;
import io.webhookdb.schemas.catalog.RemoteKey;
import io.webhookdb.schemas.catalog.ServiceDefinition;
import io.webhookdb.schemas.catalog.Setup;
import io.webhookdb.schemas.catalog.Setup.Conversation;
import io.webhookdb.schemas.catalog.Setup.Echo;
import io.webhookdb.schemas.catalog.Setup.Prompt;
import io.webhookdb.schemas.catalog.Setup.StoredField;
import io.webhookdb.schemas.catalog.Verification;
import io.webhookdb.schemas.control.IntegrationControl.Deletion;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class SetupMachineTest {
    private static final Endpoints ENDPOINTS = new Endpoints(URI.create("https://in.example/"));
    private static final Prompt REPOSITORY =
            new Prompt(
                    "repo_name", StoredField.API_URL, null, "Repository:", null, null, null, null);
    private static final Prompt SECRET =
            new Prompt(
                    "webhook_secret",
                    StoredField.WEBHOOK_SECRET,
                    "Post to {endpoint}.\n",
                    "Secret:",
                    Echo.HIDDEN,
                    null,
                    null,
                    null);
    private static final Prompt KEY =
            new Prompt(
                    "backfill_key", StoredField.BACKFILL_KEY, null, "Key:", null, null, null, null);
    private static final Conversation WEBHOOK =
            new Conversation("Welcome.", List.of(REPOSITORY, SECRET));
    private static final Conversation BACKFILL = new Conversation("Fetch.", List.of(KEY));

    @Test
    void asksForTheFirstFieldThatIsBlank() {
        SetupMachine machine = both();

        Step first = machine.step(Mode.WEBHOOK, Turn.FIRST, with(Map.of()), ENDPOINTS);
        assertThat(first.prompt()).isEqualTo("Repository:");
        assertThat(first.output()).isEqualTo("Welcome.");
        assertThat(first.promptIsSecret()).isFalse();
        assertThat(first.postToUrl())
                .isEqualTo("/v1/organizations/7/service_integrations/svi_1/transition/repo_name");

        Step second =
                machine.step(
                        Mode.WEBHOOK,
                        Turn.LATER,
                        with(Map.of(StoredField.API_URL, "a/b")),
                        ENDPOINTS);
        assertThat(second.promptIsSecret()).isTrue();
        assertThat(second.output())
                .isEqualTo("Post to https://in.example/v1/service_integrations/svi_1.");
    }

    @Test
    void endsWhenNothingIsBlank() {
        Step done =
                both().step(
                                Mode.WEBHOOK,
                                Turn.LATER,
                                with(
                                        Map.of(
                                                StoredField.API_URL,
                                                "a/b",
                                                StoredField.WEBHOOK_SECRET,
                                                "x")),
                                ENDPOINTS);

        assertThat(done.complete()).isTrue();
        assertThat(done.needsInput()).isFalse();
        assertThat(done.output()).contains("https://in.example/v1/service_integrations/svi_1");
    }

    @Test
    void endsAtOnceWhereThereIsNothingToAsk() {
        SetupMachine machine =
                new SetupMachine(
                        service(
                                List.of(ServiceDefinition.Mode.WEBHOOK),
                                new Setup(new Conversation(null, List.of()), null)));

        assertThat(machine.step(Mode.WEBHOOK, Turn.FIRST, with(Map.of()), ENDPOINTS).complete())
                .isTrue();
    }

    @Test
    void prefersWebhooks() {
        assertThat(both().preferred()).isEqualTo(Mode.WEBHOOK);
        assertThat(backfillOnly().preferred()).isEqualTo(Mode.BACKFILL);
    }

    @Test
    void goesOnWithTheConversationTheAnswerBelongsTo() {
        assertThat(both().modeOf("webhook_secret")).isEqualTo(Mode.WEBHOOK);
        assertThat(both().modeOf("repo_name")).isEqualTo(Mode.WEBHOOK);
        assertThat(both().modeOf("backfill_key")).isEqualTo(Mode.BACKFILL);
        assertThat(backfillOnly().modeOf("webhook_secret")).isEqualTo(Mode.BACKFILL);
        assertThat(webhookOnly().modeOf("backfill_key")).isEqualTo(Mode.WEBHOOK);
    }

    @Test
    void forgetsAllOnResetUnlessThereIsAnotherConversation() {
        assertThat(both().forgottenByReset()).containsExactly(StoredField.WEBHOOK_SECRET);
        assertThat(webhookOnly().forgottenByReset()).containsExactly(StoredField.values());
        assertThat(backfillOnly().forgottenByReset()).containsExactly(StoredField.values());
    }

    @Test
    void asksFirstWhatAServiceDependsOn() {
        SetupMachine machine =
                new SetupMachine(Catalog.load().service("sponsy_slot_v1").orElseThrow());

        Step asked = machine.step(Mode.BACKFILL, Turn.FIRST, with(Map.of()), ENDPOINTS);
        assertThat(asked.needsInput()).isTrue();
        assertThat(asked.complete()).isFalse();
        assertThat(asked.postToUrl()).endsWith("/svi_1/transition/dependency_choice");
        assertThat(
                        machine.step(
                                        Mode.BACKFILL,
                                        Turn.FIRST,
                                        dependingOn(Optional.of(2L)),
                                        ENDPOINTS)
                                .complete())
                .isTrue();
    }

    private static SetupMachine both() {
        return new SetupMachine(
                service(
                        List.of(ServiceDefinition.Mode.WEBHOOK, ServiceDefinition.Mode.BACKFILL),
                        new Setup(WEBHOOK, BACKFILL)));
    }

    private static SetupMachine webhookOnly() {
        return new SetupMachine(
                service(List.of(ServiceDefinition.Mode.WEBHOOK), new Setup(WEBHOOK, null)));
    }

    private static SetupMachine backfillOnly() {
        return new SetupMachine(
                service(List.of(ServiceDefinition.Mode.BACKFILL), new Setup(null, BACKFILL)));
    }

    private static ServiceDefinition service(List<ServiceDefinition.Mode> modes, Setup setup) {
        return new ServiceDefinition(
                "acme_order_v1",
                "acme",
                "Acme",
                "Acme Order",
                "Acme Orders",
                "https://acme.example/docs",
                modes,
                new RemoteKey("acme_id", ColumnType.TEXT, "/id"),
                List.of(),
                null,
                null,
                null,
                null,
                null,
                new Verification(
                        Verification.Scheme.NONE, null, null, null, null, null, null, "none"),
                null,
                null,
                setup);
    }

    private static Integration with(Map<StoredField, String> stored) {
        return integration(stored, Optional.empty());
    }

    private static Integration dependingOn(Optional<Long> other) {
        return integration(Map.of(), other);
    }

    private static Integration integration(
            Map<StoredField, String> stored, Optional<Long> dependsOn) {
        return new Integration(
                1,
                "svi_1",
                7,
                "acme_order_v1",
                "acme_order_v1_beef",
                stored,
                null,
                Optional.empty(),
                Deletion.TOMBSTONE,
                dependsOn);
    }
}

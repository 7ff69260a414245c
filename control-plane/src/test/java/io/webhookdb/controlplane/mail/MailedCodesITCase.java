package io.webhookdb.controlplane.mail;

import static org.assertj.core.api.Assertions.assertThat;

import io.webhookdb.controlplane.TestingClient;
import io.webhookdb.controlplane.TestingClient.Answer;
import io.webhookdb.controlplane.TestingSystem;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What people see of mail, whole conversations over HTTP. */
class MailedCodesITCase {
    private final Queue<Mail> sent = new ConcurrentLinkedQueue<>();
    private final AtomicReference<Optional<MailFailure>> failure =
            new AtomicReference<>(Optional.empty());

    @Test
    void tellsWhoCannotBeMailedWhyAndGoesOnWhenMailDoes(@TempDir Path folder) {
        try (TestingSystem system =
                TestingSystem.start(
                        folder.resolve("keysets"),
                        List.of(),
                        settings -> settings.withMailer(this::send))) {
            TestingClient client = system.client();
            failure.set(Optional.of(MailFailure.TRANSIENT));
            Answer away = client.post("/v1/auth", Map.of("email", "ada@example.org"));
            assertThat(away.status()).isEqualTo(503);
            assertThat(away.code()).isEqualTo("mail_unavailable");

            failure.set(Optional.of(MailFailure.RECIPIENT));
            Answer refused = client.post("/v1/auth", Map.of("email", "ada@example.org"));
            assertThat(refused.status()).isEqualTo(400);
            assertThat(refused.body().at("/error/field_errors/email").isArray()).isTrue();

            failure.set(Optional.empty());
            client.post("/v1/auth", Map.of("email", "ada@example.org"));
            Mail.LoginCode code = (Mail.LoginCode) sent.remove();
            Answer done = client.post("/v1/auth", Map.of("email", code.to(), "token", code.code()));
            assertThat(done.header("Whdb-Auth-Token")).isNotEmpty();
            client.adoptSession(done);

            failure.set(Optional.of(MailFailure.CONFIGURATION));
            Answer invited =
                    client.post(
                            "/v1/organizations/ada_example_org_org/invite",
                            Map.of("email", "bob@example.org"));
            assertThat(invited.status()).isEqualTo(200);
            assertThat(invited.message())
                    .contains("could not be mailed")
                    .containsPattern("join-[0-9a-f]{8}");
        }
    }

    private void send(Mail mail) {
        failure.get()
                .ifPresent(
                        kind -> {
                            throw new MailException(kind);
                        });
        sent.add(mail);
    }
}

package io.webhookdb.controlplane.provisioner.alerts;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.webhookdb.controlplane.mail.Mail;
import io.webhookdb.controlplane.mail.MailException;
import io.webhookdb.controlplane.outbound.JudgedPost;
import io.webhookdb.controlplane.outbound.JudgedPost.Answer;
import io.webhookdb.controlplane.provisioner.periodic.PeriodicTask;
import io.webhookdb.schemas.control.ControlCodec;
import io.webhookdb.schemas.control.ErrorHandlerControl;
import io.webhookdb.security.keyset.SecretOpener;
import io.webhookdb.security.keyset.SecretUnreadableException;
import io.webhookdb.security.outbound.OutboundRefusedException;
import java.io.IOException;
import java.net.UnknownHostException;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Supplier;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.statement.StatementContext;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.MDC;

/**
 * Sends alerts that are noted, each at least once, {@value #RETRIES} times more if it fails. What
 * hangs delays others by {@link #LIMIT} at most.
 */
public final class AlertOutbox {
    static final Duration LIMIT = Duration.ofSeconds(7);
    private static final int RETRIES = 5;
    private static final Duration PAUSE = Duration.ofSeconds(60);

    private static final Logger LOG = LoggerFactory.getLogger(AlertOutbox.class);
    private static final Duration PERIOD = Duration.ofSeconds(1);
    private static final int AT_ONCE = 8;
    private static final JsonMapper MAPPER = JsonMapper.builder().build();
    private static final String DUE =
            "SELECT o.id AS outbox, o.channel, o.address, o.attempts, a.*, org.key AS org_key,"
                    + " i.service_name, i.table_name FROM alert_outbox o JOIN alerts a ON a.id ="
                    + " o.alert_id JOIN organizations org ON org.id = a.organization_id LEFT JOIN"
                    + " integrations i ON i.opaque_id = a.integration WHERE o.sent_at IS NULL AND"
                    + " o.next_attempt_at <= now() ORDER BY o.next_attempt_at, o.id LIMIT "
                    + AT_ONCE;

    private final Jdbi jdbi;
    private final AlertSettings settings;
    private final Supplier<SecretOpener> secrets;
    private final JudgedPost post;

    private AlertOutbox(Jdbi jdbi, AlertSettings settings, Supplier<SecretOpener> secrets) {
        this.jdbi = jdbi;
        this.settings = settings;
        this.secrets = secrets;
        this.post = new JudgedPost(settings.outbound(), LIMIT);
    }

    /**
     * The task.
     *
     * @param secrets opens the URLs of error handlers
     */
    public static PeriodicTask task(
            Jdbi jdbi, AlertSettings settings, Supplier<SecretOpener> secrets) {
        return new PeriodicTask(
                "alert-outbox", PERIOD, new AlertOutbox(jdbi, settings, secrets)::sendDue);
    }

    private void sendDue() {
        List<PendingAlert> due =
                jdbi.withHandle(handle -> handle.createQuery(DUE).map(this::alert).list());
        if (due.isEmpty()) {
            return;
        }
        ExecutorService threads = Executors.newFixedThreadPool(due.size());
        try {
            threads.invokeAll(due.stream().map(this::sending).toList());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            threads.shutdownNow();
        }
    }

    private Callable<Void> sending(PendingAlert alert) {
        return () -> {
            Optional<String> failure = send(alert);
            jdbi.useHandle(handle -> note(handle, alert, failure));
            return null;
        };
    }

    /** What went wrong, in words that may be stored; empty if nothing did. */
    private Optional<String> send(PendingAlert alert) {
        try {
            if (alert.channel().equals(PendingAlert.MAIL)) {
                settings.mailer()
                        .send(new Mail.Alert(alert.address(), alert.title(), alert.message()));
            } else {
                Optional<String> url = url(alert);
                if (url.isPresent()) {
                    AlertRequest request = AlertRequest.of(url.get(), alert);
                    Answer answer = post.send(request.target(), request.headers(), request.body());
                    return answer.isTaken()
                            ? Optional.empty()
                            : Optional.of(answer.refusal().getMessage());
                }
            }
            return Optional.empty();
        } catch (OutboundRefusedException e) {
            return Optional.of("the address may not be called: " + e.getMessage());
        } catch (UnknownHostException e) {
            return Optional.of("there is no such host");
        } catch (IOException | IllegalArgumentException e) {
            return Optional.of(e.getMessage());
        } catch (MailException | SecretUnreadableException e) {
            return Optional.of(e.getClass().getSimpleName());
        }
    }

    /** Empty if the handler has ended meanwhile. */
    private Optional<String> url(PendingAlert alert) {
        return jdbi.withHandle(
                        handle ->
                                handle.createQuery(
                                                "SELECT record FROM control_documents WHERE key = ?"
                                                        + " AND state = 'active'")
                                        .bind(0, alert.address())
                                        .mapTo(String.class)
                                        .findOne())
                .map(
                        record -> {
                            ErrorHandlerControl handler =
                                    (ErrorHandlerControl)
                                            ControlCodec.decode(record.getBytes(UTF_8));
                            return secrets.get()
                                    .open(
                                            handler.urlCiphertext(),
                                            ErrorHandlerControl.urlContext(handler.id()));
                        });
    }

    private static void note(Handle handle, PendingAlert alert, Optional<String> failure) {
        if (failure.isEmpty()) {
            handle.execute(
                    "UPDATE alert_outbox SET sent_at = now(), attempts = attempts + 1, last_failure"
                            + " = NULL WHERE id = ?",
                    alert.outbox());
            return;
        }
        boolean last = alert.attempts() >= RETRIES;
        handle.execute(
                "UPDATE alert_outbox SET attempts = attempts + 1, last_failure = ?, next_attempt_at"
                        + " = CASE WHEN ? THEN 'infinity' ELSE now() + make_interval(secs => ?) END"
                        + " WHERE id = ?",
                failure.get(),
                last,
                (double) PAUSE.toSeconds(),
                alert.outbox());
        if (last) {
            MDC.put("organization", alert.organizationKey());
            try {
                LOG.warn(
                        "Alert {} of organization {} was not taken by {} in {} attempts: {}",
                        alert.signature(),
                        alert.organizationKey(),
                        alert.channel().equals(PendingAlert.MAIL) ? "mail" : alert.address(),
                        alert.attempts() + 1,
                        failure.get());
            } finally {
                MDC.remove("organization");
            }
        }
    }

    private PendingAlert alert(ResultSet row, StatementContext context) throws SQLException {
        return new PendingAlert(
                row.getLong("outbox"),
                row.getString("channel"),
                row.getString("address"),
                row.getInt("attempts"),
                row.getString("kind"),
                row.getString("signature"),
                row.getLong("organization_id"),
                row.getString("org_key"),
                orEmpty(row.getString("integration")),
                orEmpty(row.getString("service_name")),
                orEmpty(row.getString("table_name")),
                row.getString("subject"),
                row.getString("message"),
                settings.installation().with(details(row.getString("details"))),
                row.getTimestamp("raised_at").toInstant());
    }

    private static Map<String, Object> details(String json) {
        try {
            return MAPPER.readValue(json, new TypeReference<Map<String, Object>>() {});
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("Details of an alert are unreadable", e);
        }
    }

    private static String orEmpty(String text) {
        return text == null ? "" : text;
    }
}

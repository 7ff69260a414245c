package io.webhookdb.controlplane.api.db;

import io.webhookdb.controlplane.api.http.ApiException;
import io.webhookdb.controlplane.api.http.Message;
import io.webhookdb.controlplane.api.http.Paths;
import io.webhookdb.controlplane.api.http.PromptException;
import io.webhookdb.controlplane.api.http.Question;
import io.webhookdb.controlplane.api.http.Request;
import io.webhookdb.controlplane.api.http.Router;
import io.webhookdb.controlplane.api.organizations.Access;
import io.webhookdb.controlplane.api.organizations.Member;
import io.webhookdb.controlplane.api.organizations.Migrations;
import io.webhookdb.controlplane.api.provisioned.Provisioned;
import io.webhookdb.controlplane.database.ProvisioningQueue;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import org.jdbi.v3.core.Jdbi;

/**
 * {@code db roll-credentials}: a new role with a new password, and the end of the old one. Rows are
 * written by another role, which stays.
 */
public final class RollRoutes {
    /** Longest time two connection strings are valid beside each other. */
    static final Duration LONGEST_GRACE = Duration.ofDays(30);

    private static final String GUARD = "guard_confirm";
    private static final String GRACE = "grace_seconds";

    private final Jdbi jdbi;
    private final Access access;
    private final ReaderUrls urls;
    private final Provisioned provisioned;

    public RollRoutes(Jdbi jdbi, Access access, ReaderUrls urls, Provisioned provisioned) {
        this.jdbi = jdbi;
        this.access = access;
        this.urls = urls;
        this.provisioned = provisioned;
    }

    /** Adds the route. */
    public void addTo(Router router) {
        router.post(Paths.DATABASE + "/roll_credentials", this::roll);
    }

    private Object roll(Request request) {
        Member admin = access.admin(request);
        int grace = grace(request.text(GRACE));
        urls.of(admin.organization());
        if (urls.isCustomers(admin.organization())) {
            throw ApiException.of(
                    409,
                    "database_locked",
                    admin.organization().name()
                            + " is in a database of its own: its roles are changed there, not"
                            + " here.");
        }
        if (!request.given(GUARD)) {
            throw new PromptException(
                    GUARD,
                    new Question.Shown("Press Enter to go on, or Ctrl+C to stop:"),
                    "This gives "
                            + admin.organization().name()
                            + " a new connection string. "
                            + (grace == 0
                                    ? "The old one ends at once, with all its connections."
                                    : "The old one ends after " + grace + " seconds."));
        }
        long id = request(admin, grace);
        if (provisioned.awaitReaderRoll(id) == Provisioned.Outcome.PENDING) {
            return new Message(
                    "The credentials are being rolled. Run `webhookdb db connection` in a moment"
                            + " for the new connection string.");
        }
        String old =
                grace == 0
                        ? "The old one has ended."
                        : "The old one ends at "
                                + Instant.now().plusSeconds(grace).truncatedTo(ChronoUnit.SECONDS)
                                + ".";
        return new Message(
                "Your new connection string is:\n"
                        + urls.of(admin.organization()).url()
                        + "\n"
                        + old);
    }

    private long request(Member admin, int grace) {
        return jdbi.inTransaction(
                handle -> {
                    Migrations.requireNone(handle, admin.organization().id());
                    long id =
                            handle.createQuery(
                                            "INSERT INTO reader_rolls (organization_id,"
                                                + " grace_seconds, requested_by) VALUES"
                                                + " (:organization, :grace, :customer) RETURNING"
                                                + " id")
                                    .bind("organization", admin.organization().id())
                                    .bind("grace", grace)
                                    .bind("customer", admin.customer().id())
                                    .mapTo(Long.class)
                                    .one();
                    ProvisioningQueue.add(handle, ProvisioningQueue.Kind.READER_ROLL, id);
                    return id;
                });
    }

    private static int grace(String text) {
        if (text.isEmpty()) {
            return 0;
        }
        if (text.matches("[0-9]{1,9}") && Integer.parseInt(text) <= LONGEST_GRACE.toSeconds()) {
            return Integer.parseInt(text);
        }
        throw ApiException.validation(
                GRACE, "must be a number from 0 to " + LONGEST_GRACE.toSeconds());
    }
}

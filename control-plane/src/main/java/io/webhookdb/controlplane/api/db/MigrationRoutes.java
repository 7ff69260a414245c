package io.webhookdb.controlplane.api.db;

import io.webhookdb.controlplane.api.http.ApiException;
import io.webhookdb.controlplane.api.http.Listing;
import io.webhookdb.controlplane.api.http.Paths;
import io.webhookdb.controlplane.api.http.PromptException;
import io.webhookdb.controlplane.api.http.Question;
import io.webhookdb.controlplane.api.http.Request;
import io.webhookdb.controlplane.api.http.Router;
import io.webhookdb.controlplane.api.organizations.Access;
import io.webhookdb.controlplane.api.organizations.Member;
import io.webhookdb.controlplane.api.organizations.Migrations;
import io.webhookdb.security.connection.PostgresUrl;
import io.webhookdb.security.connection.PostgresUrl.ChannelBinding;
import io.webhookdb.security.keyset.SecretCipher;
import io.webhookdb.security.keyset.SecretSealer;
import io.webhookdb.security.outbound.OutboundPolicy;
import java.util.List;
import org.jdbi.v3.core.Jdbi;

/** {@code db migrations}: an organization moves to a database of its own. */
public final class MigrationRoutes {
    private static final String ADMIN_URL = "admin_url";
    private static final String READONLY_URL = "readonly_url";
    private static final List<List<String>> HEADERS =
            List.of(
                    List.of("created_at", "Created at"),
                    List.of("started_at", "Started at"),
                    List.of("finished_at", "Finished at"),
                    List.of("source_url", "Source"),
                    List.of("destination_url", "Destination"),
                    List.of("status", "Status"));

    private final Access access;
    private final ReaderUrls urls;
    private final MigrationStore migrations;
    private final MigrationProbe probe;

    public MigrationRoutes(
            Jdbi jdbi,
            Access access,
            ReaderUrls urls,
            SecretCipher readers,
            SecretSealer connections,
            OutboundPolicy outbound) {
        this.access = access;
        this.urls = urls;
        this.migrations = new MigrationStore(jdbi, readers, connections);
        this.probe = new MigrationProbe(outbound);
    }

    /** Adds the routes. */
    public void addTo(Router router) {
        router.get(Paths.DATABASE + "/migrations", this::list)
                .post(Paths.DATABASE + "/migrate_database", this::start);
    }

    private Object list(Request request) {
        List<MigrationView> all = migrations.all(access.member(request).organization());
        String message =
                all.isEmpty()
                        ? "There were no migrations."
                        : "The newest migration: " + all.get(all.size() - 1).progress() + ".";
        return Listing.of(all, message, HEADERS);
    }

    private Object start(Request request) {
        Member admin = access.admin(request);
        if (migrations.isRunning(admin.organization())) {
            throw Migrations.inProgress();
        }
        String adminUrl =
                request.required(
                        ADMIN_URL,
                        Question.pasteOrTypeSecret(
                                "the connection URL of a role that may create tables in the new"
                                        + " database"));
        if (!request.present(READONLY_URL)) {
            throw new PromptException(
                    READONLY_URL,
                    Question.pasteOrTypeSecret(
                            "the connection URL of a role that only reads, or nothing for the"
                                    + " same"),
                    "");
        }
        String readonlyUrl = request.text(READONLY_URL);
        PostgresUrl owner = parsed(ADMIN_URL, adminUrl);
        PostgresUrl reader = readonlyUrl.isEmpty() ? owner : parsed(READONLY_URL, readonlyUrl);
        PostgresUrl present = urls.of(admin.organization());
        probe.checkOwner(ADMIN_URL, owner);
        probe.checkReader(READONLY_URL, reader);
        long id = migrations.create(admin, present, owner, reader);
        return migrations
                .one(admin.organization(), id)
                .with(
                        "The tables of "
                                + admin.organization().name()
                                + " are being copied to "
                                + owner
                                + ". Until they are, queries read the present database. Run"
                                + " `webhookdb db migrations list` to see how far it is.");
    }

    private static PostgresUrl parsed(String field, String text) {
        try {
            PostgresUrl url = PostgresUrl.parse(text);
            if (url.user().isEmpty()) {
                throw ApiException.validation(field, "needs a user");
            }
            if (url.channelBinding() == ChannelBinding.REQUIRE) {
                throw ApiException.validation(
                        field,
                        "asks for channel_binding=require, which is not kept here; leave it out, it"
                                + " is used where the server offers it");
            }
            return url;
        } catch (IllegalArgumentException e) {
            throw ApiException.validation(field, "is not usable", e.getMessage());
        }
    }
}

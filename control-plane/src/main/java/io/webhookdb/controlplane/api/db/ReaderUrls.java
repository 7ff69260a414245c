package io.webhookdb.controlplane.api.db;

import io.webhookdb.controlplane.api.http.ApiException;
import io.webhookdb.controlplane.api.organizations.Organization;
import io.webhookdb.controlplane.database.ReadonlyUrl;
import io.webhookdb.security.connection.PostgresUrl;
import io.webhookdb.security.keyset.SecretCipher;
import java.util.Optional;
import org.jdbi.v3.core.Jdbi;

/** Read-only connection strings: the only database credentials this process can read. */
public final class ReaderUrls {
    private final Jdbi jdbi;
    private final SecretCipher cipher;

    public ReaderUrls(Jdbi jdbi, SecretCipher cipher) {
        this.jdbi = jdbi;
        this.cipher = cipher;
    }

    /** The URL, with its password; empty while the database is not there yet. */
    Optional<PostgresUrl> find(Organization organization) {
        return jdbi.withHandle(
                        handle ->
                                handle.createQuery(
                                                "SELECT readonly_url_encrypted FROM"
                                                        + " organization_databases WHERE"
                                                        + " organization_id = :id AND ready_at IS"
                                                        + " NOT NULL")
                                        .bind("id", organization.id())
                                        .mapTo(String.class)
                                        .findOne())
                .map(
                        encrypted ->
                                PostgresUrl.parse(
                                        cipher.decrypt(
                                                encrypted,
                                                ReadonlyUrl.context(organization.id()))));
    }

    /** The URL; 409 while the database is not there yet. */
    PostgresUrl of(Organization organization) {
        return find(organization)
                .orElseThrow(
                        () ->
                                ApiException.of(
                                        409,
                                        "database_not_ready",
                                        "The database of "
                                                + organization.name()
                                                + " is still being set up. Try again in a few"
                                                + " seconds."));
    }
}

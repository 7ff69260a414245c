package io.webhookdb.controlplane.api.db;

import io.webhookdb.controlplane.api.http.ApiException;
import io.webhookdb.controlplane.api.organizations.Organization;
import io.webhookdb.controlplane.database.ReadonlyUrl;
import io.webhookdb.security.connection.PostgresUrl;
import io.webhookdb.security.keyset.SecretCipher;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
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
                .map(encrypted -> decrypted(organization, encrypted));
    }

    /** The URLs that are valid now: of the reader, and of old ones that have not ended yet. */
    List<PostgresUrl> valid(Organization organization) {
        List<String> old =
                jdbi.withHandle(
                        handle ->
                                handle.createQuery(
                                                "SELECT old_url_encrypted FROM reader_rolls WHERE"
                                                        + " organization_id = :id AND made_at IS"
                                                        + " NOT NULL AND ends_at > now() AND"
                                                        + " ended_at IS NULL")
                                        .bind("id", organization.id())
                                        .mapTo(String.class)
                                        .list());
        return Stream.concat(
                        find(organization).stream(),
                        old.stream().map(encrypted -> decrypted(organization, encrypted)))
                .toList();
    }

    /** Schema of the organization's tables. */
    String schema(Organization organization) {
        return jdbi.withHandle(
                handle ->
                        handle.createQuery(
                                        "SELECT schema_name FROM organization_databases WHERE"
                                                + " organization_id = :id")
                                .bind("id", organization.id())
                                .mapTo(String.class)
                                .one());
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

    private PostgresUrl decrypted(Organization organization, String encrypted) {
        return PostgresUrl.parse(cipher.decrypt(encrypted, ReadonlyUrl.context(organization.id())));
    }
}

package io.webhookdb.controlplane.api.db;

import io.webhookdb.controlplane.api.http.ApiException;
import io.webhookdb.controlplane.api.organizations.Organization;
import io.webhookdb.controlplane.database.CustomerUrl;
import io.webhookdb.controlplane.database.ReadonlyUrl;
import io.webhookdb.security.connection.PostgresUrl;
import io.webhookdb.security.keyset.SecretCipher;
import io.webhookdb.security.outbound.OutboundPolicy;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jdbi.v3.core.Jdbi;

/** Read-only connection strings: the only database credentials this process can read. */
public final class ReaderUrls {
    private final Jdbi jdbi;
    private final SecretCipher cipher;
    private final OutboundPolicy outbound;

    /**
     * @param outbound which of the customers' own servers may be called
     */
    public ReaderUrls(Jdbi jdbi, SecretCipher cipher, OutboundPolicy outbound) {
        this.jdbi = jdbi;
        this.cipher = cipher;
        this.outbound = outbound;
    }

    /**
     * The URL as this process may dial it, which for a customer's own server is an address that was
     * judged. Not for people.
     *
     * @throws ApiException 403 if it may not be called
     */
    PostgresUrl toDial(Organization organization) {
        PostgresUrl url = of(organization);
        if (!isCustomers(organization)) {
            return url;
        }
        try {
            return CustomerUrl.judged(url, outbound);
        } catch (SQLException e) {
            throw ApiException.of(403, "invalid_query", e.getMessage() + ".");
        }
    }

    /** Whether the database is on a server the customer brought. */
    boolean isCustomers(Organization organization) {
        return jdbi.withHandle(
                handle ->
                        handle.createQuery(
                                        "SELECT run_by = 'customer' FROM organization_databases"
                                                + " WHERE organization_id = :id")
                                .bind("id", organization.id())
                                .mapTo(Boolean.class)
                                .findOne()
                                .orElse(false));
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

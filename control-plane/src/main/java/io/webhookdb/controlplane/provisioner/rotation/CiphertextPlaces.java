package io.webhookdb.controlplane.provisioner.rotation;

import io.webhookdb.controlplane.provisioner.rotation.ColumnPlace.Published;
import io.webhookdb.security.keyset.Keyset;
import java.util.List;
import java.util.Optional;

/**
 * Every place that holds ciphertexts. A place that is missing here would be lost with the key that
 * is retired: a test compares this list with the columns there are.
 */
final class CiphertextPlaces {
    private static final String OF_ORGANIZATION = "'organization/' || organization_id || ";
    private static final String OF_INTEGRATION = "'integration/' || opaque_id || ";

    static final List<CiphertextPlace> ALL =
            List.of(
                    new ColumnPlace(
                            Keyset.CONNECTIONS,
                            "organization_databases",
                            "organization_id",
                            "owner_password_sealed",
                            OF_ORGANIZATION + "'/owner_password'",
                            Optional.of(Published.ORGANIZATIONS)),
                    new ColumnPlace(
                            Keyset.READERS,
                            "organization_databases",
                            "organization_id",
                            "readonly_url_encrypted",
                            OF_ORGANIZATION + "'/readonly_url'",
                            Optional.empty()),
                    new ColumnPlace(
                            Keyset.INGEST,
                            "integrations",
                            "id",
                            "webhook_secret_encrypted",
                            OF_INTEGRATION + "'/webhook_secret'",
                            Optional.of(Published.INTEGRATIONS)),
                    new ColumnPlace(
                            Keyset.CONNECTIONS,
                            "integrations",
                            "id",
                            "backfill_key_sealed",
                            OF_INTEGRATION + "'/backfill_key'",
                            Optional.of(Published.INTEGRATIONS)),
                    new ColumnPlace(
                            Keyset.CONNECTIONS,
                            "integrations",
                            "id",
                            "backfill_secret_sealed",
                            OF_INTEGRATION + "'/backfill_secret'",
                            Optional.of(Published.INTEGRATIONS)),
                    new ColumnPlace(
                            Keyset.READERS,
                            "integrations",
                            "id",
                            "api_key_encrypted",
                            OF_INTEGRATION + "'/webhookdb_api_key'",
                            Optional.empty()),
                    new ColumnPlace(
                            Keyset.READERS,
                            "login_codes",
                            "id",
                            "code_hash_encrypted",
                            "'login_code/' || email",
                            Optional.empty()),
                    new ColumnPlace(
                            Keyset.CONNECTIONS,
                            "vendor_connections",
                            "id",
                            "credential_sealed",
                            "context",
                            Optional.empty()),
                    new ColumnPlace(
                            Keyset.READERS,
                            "reader_rolls",
                            "id",
                            "url_encrypted",
                            OF_ORGANIZATION + "'/readonly_url'",
                            Optional.empty()),
                    new ColumnPlace(
                            Keyset.READERS,
                            "reader_rolls",
                            "id",
                            "old_url_encrypted",
                            OF_ORGANIZATION + "'/readonly_url'",
                            Optional.empty()),
                    new ColumnPlace(
                            Keyset.CONNECTIONS,
                            "database_migrations",
                            "id",
                            "owner_password_sealed",
                            OF_ORGANIZATION + "'/owner_password'",
                            Optional.empty()),
                    new ColumnPlace(
                            Keyset.READERS,
                            "database_migrations",
                            "id",
                            "readonly_url_encrypted",
                            OF_ORGANIZATION + "'/readonly_url'",
                            Optional.empty()),
                    new UpsertPlace(),
                    new DocumentPlace());

    private CiphertextPlaces() {}
}

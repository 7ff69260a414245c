package io.webhookdb.controlplane.provisioner;

import io.webhookdb.controlplane.database.ProvisioningQueue;
import io.webhookdb.controlplane.database.ProvisioningQueue.Kind;
import io.webhookdb.controlplane.provisioner.OrganizationRow.DatabaseRow;
import io.webhookdb.schemas.control.OrganizationControl.Database.RunBy;
import java.sql.Timestamp;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jdbi.v3.core.Handle;

/** Migrations in the application database. */
final class MigrationLedger {
    private static final String UNFINISHED = " AND state NOT IN ('finished', 'failed')";

    private MigrationLedger() {}

    /**
     * A table that moves.
     *
     * @param integration numeric id
     * @param opaqueId public id
     */
    record MovingTable(long integration, String opaqueId, String definitionHash, String table) {}

    /**
     * How far a table is.
     *
     * @param cursor primary key up to which it was copied
     * @param sinceMicros time of the source's clock before the first row was read
     */
    record Progress(long cursor, long sinceMicros, boolean finished) {}

    static Optional<MigrationRow> migration(Handle handle, long id) {
        return handle.createQuery("SELECT * FROM database_migrations WHERE id = :id")
                .bind("id", id)
                .map(
                        (row, context) ->
                                new MigrationRow(
                                        id,
                                        Ledger.organization(handle, row.getLong("organization_id"))
                                                .orElseThrow(),
                                        MigrationRow.State.valueOf(
                                                row.getString("state").toUpperCase(Locale.ROOT)),
                                        new DatabaseRow(
                                                row.getString("host"),
                                                row.getInt("port"),
                                                Ledger.server(
                                                        row.getString("host"), row.getInt("port")),
                                                row.getString("name"),
                                                row.getString("schema_name"),
                                                row.getString("owner"),
                                                row.getString("owner_password_sealed"),
                                                row.getString("reader"),
                                                row.getString("readonly_url_encrypted"),
                                                row.getLong("epoch"),
                                                true,
                                                row.getString("ssl_mode"),
                                                RunBy.CUSTOMER,
                                                false),
                                        Optional.ofNullable(row.getString("failure")),
                                        Optional.ofNullable(row.getTimestamp("held_at"))
                                                .map(Timestamp::toInstant)))
                .findOne();
    }

    /** Whether the organization is about to move. */
    static boolean running(Handle handle, long organization) {
        return handle.createQuery(
                        "SELECT 1 FROM database_migrations WHERE organization_id = :organization"
                                + UNFINISHED)
                .bind("organization", organization)
                .mapTo(Integer.class)
                .findOne()
                .isPresent();
    }

    /** The organization's tables as they are built now. */
    static List<MovingTable> tables(Handle handle, long organization) {
        return handle.createQuery(
                        "SELECT id, opaque_id, definition_hash, built_table FROM integrations"
                                + " WHERE organization_id = :organization AND state = 'active' AND"
                                + " built_table IS NOT NULL AND table_dropped_at IS NULL ORDER BY"
                                + " id")
                .bind("organization", organization)
                .map(
                        (row, context) ->
                                new MovingTable(
                                        row.getLong(1),
                                        row.getString(2),
                                        row.getString(3),
                                        row.getString(4)))
                .list();
    }

    static Optional<Progress> progress(Handle handle, long migration, long integration) {
        return handle.createQuery(
                        "SELECT cursor_pk, since_micros, finished_at IS NOT NULL FROM"
                                + " migration_tables WHERE migration_id = :migration AND"
                                + " integration_id = :integration")
                .bind("migration", migration)
                .bind("integration", integration)
                .map(
                        (row, context) ->
                                new Progress(row.getLong(1), row.getLong(2), row.getBoolean(3)))
                .findOne();
    }

    static void started(Handle handle, long migration) {
        handle.execute(
                "UPDATE database_migrations SET state = 'copying', started_at ="
                        + " coalesce(started_at, now()) WHERE id = ? AND state = 'enqueued'",
                migration);
    }

    static void tableStarted(
            Handle handle, long migration, long integration, long expected, long sinceMicros) {
        handle.execute(
                "INSERT INTO migration_tables (migration_id, integration_id, expected,"
                        + " since_micros) VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING",
                migration,
                integration,
                expected,
                sinceMicros);
    }

    static void copied(Handle handle, long migration, long integration, long cursor, long rows) {
        handle.execute(
                "UPDATE migration_tables SET cursor_pk = ?, copied = copied + ? WHERE"
                        + " migration_id = ? AND integration_id = ? AND cursor_pk < ?",
                cursor,
                rows,
                migration,
                integration,
                cursor);
    }

    /** What was written before that time is copied. */
    static void caughtUp(Handle handle, long migration, long integration, long sinceMicros) {
        handle.execute(
                "UPDATE migration_tables SET since_micros = ? WHERE migration_id = ? AND"
                        + " integration_id = ? AND since_micros < ?",
                sinceMicros,
                migration,
                integration,
                sinceMicros);
    }

    static void tableFinished(Handle handle, long migration, long integration) {
        handle.execute(
                "UPDATE migration_tables SET finished_at = now() WHERE migration_id = ? AND"
                        + " integration_id = ?",
                migration,
                integration);
    }

    /** Everyone is told to wait, under a new epoch. */
    static void hold(Handle handle, MigrationRow migration) {
        int held =
                handle.execute(
                        "UPDATE database_migrations SET state = 'holding', held_at = now(), epoch ="
                                + " (SELECT epoch + 1 FROM organization_databases d WHERE"
                                + " d.organization_id = database_migrations.organization_id) WHERE"
                                + " id = ? AND state = 'copying'",
                        migration.id());
        if (held == 1) {
            handle.execute(
                    "UPDATE organization_databases SET held = true, epoch = epoch + 1 WHERE"
                            + " organization_id = ?",
                    migration.organization().id());
            changed(handle, migration);
        }
    }

    /** Nothing that was begun on the old database before the hold runs any more. */
    static void settled(Handle handle, MigrationRow migration) {
        handle.execute(
                "UPDATE database_migrations SET state = 'switching' WHERE id = ? AND state ="
                        + " 'holding'",
                migration.id());
        ProvisioningQueue.wake(handle);
    }

    /** From here on everyone uses the new database. */
    static void switched(Handle handle, MigrationRow migration) {
        int finished =
                handle.execute(
                        "UPDATE database_migrations SET state = 'finished', finished_at = now(),"
                                + " last_problem = NULL WHERE id = ? AND state = 'switching'",
                        migration.id());
        if (finished == 0) {
            return;
        }
        long organization = migration.organization().id();
        handle.execute(
                "UPDATE organization_databases d SET host = m.host, port = m.port, name = m.name,"
                        + " schema_name = m.schema_name, ssl_mode = m.ssl_mode, owner = m.owner,"
                        + " owner_password_sealed = m.owner_password_sealed, reader = m.reader,"
                        + " readonly_url_encrypted = m.readonly_url_encrypted, run_by = 'customer',"
                        + " held = false FROM database_migrations m WHERE m.id = ? AND"
                        + " d.organization_id = m.organization_id",
                migration.id());
        // Readers of the old database mean nothing in the new one.
        handle.execute(
                "UPDATE reader_rolls SET ended_at = now(), old_url_encrypted = NULL, url_encrypted"
                        + " = NULL WHERE organization_id = ? AND ended_at IS NULL",
                organization);
        handle.execute(
                "UPDATE database_migrations SET owner_password_sealed = NULL,"
                        + " readonly_url_encrypted = NULL WHERE id = ?",
                migration.id());
        EpochReports.forget(handle, organization);
        handle.execute(
                "UPDATE organizations SET revision = revision + 1 WHERE id = ?", organization);
        SavedViewLedger.rebuildOf(handle, organization);
        ProvisioningQueue.add(handle, Kind.ORGANIZATION, organization);
    }

    /** The old database is everyone's again. */
    static void returned(Handle handle, MigrationRow migration, String failure) {
        int failed =
                handle.execute(
                        "UPDATE database_migrations SET state = 'failed', failure ="
                            + " coalesce(failure, ?), finished_at = now(), owner_password_sealed ="
                            + " NULL, readonly_url_encrypted = NULL WHERE id = ?"
                                + UNFINISHED,
                        failure,
                        migration.id());
        if (failed == 1 && migration.holds()) {
            handle.execute(
                    "UPDATE organization_databases SET held = false, epoch = epoch + 1 WHERE"
                            + " organization_id = ?",
                    migration.organization().id());
            changed(handle, migration);
        }
    }

    /** It will not be tried again. */
    static void giveUp(Handle handle, long migration, String failure) {
        handle.execute(
                "UPDATE database_migrations SET failure = ? WHERE id = ?" + UNFINISHED,
                failure,
                migration);
        ProvisioningQueue.wake(handle);
    }

    /** What hinders it at the moment. */
    static void problem(Handle handle, long migration, String problem) {
        handle.execute(
                "UPDATE database_migrations SET last_problem = ? WHERE id = ?", problem, migration);
    }

    private static void changed(Handle handle, MigrationRow migration) {
        long organization = migration.organization().id();
        handle.execute(
                "UPDATE organizations SET revision = revision + 1 WHERE id = ?", organization);
        ProvisioningQueue.add(handle, Kind.ORGANIZATION, organization);
    }
}

package io.webhookdb.controlplane.provisioner;

import io.webhookdb.controlplane.database.ProvisioningQueue;
import java.sql.Timestamp;
import java.util.Optional;
import org.jdbi.v3.core.Handle;

/** Replacements of readers in the application database. */
final class ReaderRollLedger {
    private ReaderRollLedger() {}

    static Optional<ReaderRollRow> roll(Handle handle, long id) {
        return handle.createQuery(
                        "SELECT organization_id, reader, url_encrypted, old_reader, ends_at,"
                                + " ended_at IS NOT NULL FROM reader_rolls WHERE id = :id")
                .bind("id", id)
                .map(
                        (row, context) ->
                                new ReaderRollRow(
                                        id,
                                        Ledger.organization(handle, row.getLong(1)).orElseThrow(),
                                        Optional.ofNullable(row.getString(2)),
                                        row.getString(3),
                                        Optional.ofNullable(row.getString(4)),
                                        Optional.ofNullable(row.getTimestamp(5))
                                                .map(Timestamp::toInstant),
                                        row.getBoolean(6)))
                .findOne();
    }

    /** Notes the new role before it is made. */
    static void named(Handle handle, long id, String reader, String urlEncrypted) {
        handle.execute(
                "UPDATE reader_rolls SET reader = ?, url_encrypted = ? WHERE id = ? AND reader IS"
                        + " NULL",
                reader,
                urlEncrypted,
                id);
        ProvisioningQueue.wake(handle);
    }

    /** From here on everyone is given the new role. */
    static void made(Handle handle, ReaderRollRow roll) {
        long organization = roll.organization().id();
        handle.execute(
                "SELECT 1 FROM organization_databases WHERE organization_id = ? FOR UPDATE",
                organization);
        int replaced =
                handle.execute(
                        "UPDATE reader_rolls r SET old_reader = d.reader, old_url_encrypted ="
                                + " d.readonly_url_encrypted, made_at = now(), ends_at = now() +"
                                + " make_interval(secs => grace_seconds) FROM"
                                + " organization_databases d WHERE d.organization_id ="
                                + " r.organization_id AND r.id = ? AND r.made_at IS NULL AND"
                                + " r.ended_at IS NULL",
                        roll.id());
        if (replaced == 1) {
            handle.execute(
                    "UPDATE organization_databases SET reader = ?, readonly_url_encrypted = ?"
                            + " WHERE organization_id = ?",
                    roll.reader().orElseThrow(),
                    roll.urlEncrypted(),
                    organization);
        }
        ProvisioningQueue.wake(handle);
    }

    static void ended(Handle handle, long id) {
        handle.execute(
                "UPDATE reader_rolls SET ended_at = now(), old_url_encrypted = NULL, url_encrypted"
                        + " = NULL WHERE id = ?",
                id);
        ProvisioningQueue.wake(handle);
    }
}

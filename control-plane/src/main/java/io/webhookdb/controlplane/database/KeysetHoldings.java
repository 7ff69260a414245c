package io.webhookdb.controlplane.database;

import io.webhookdb.security.keyset.HeldKeys;
import java.util.List;
import org.jdbi.v3.core.Handle;

/** Which keys each running part holds. */
public final class KeysetHoldings {
    /** Who reads no control records has applied every one. */
    private static final long READS_NO_CONTROL = Long.MAX_VALUE;

    private KeysetHoldings() {}

    /** Notes what a part holds that reads the application database, and so tells it here. */
    public static void told(Handle handle, String reader, List<HeldKeys> held) {
        for (HeldKeys keys : held) {
            told(handle, reader, keys, READS_NO_CONTROL, -1);
        }
    }

    /**
     * Notes what a part reported.
     *
     * @param controlMicros time up to which it has applied control records for good
     */
    public static void told(
            Handle handle, String reader, HeldKeys held, long controlMicros, long checkpoint) {
        handle.createUpdate(
                        "INSERT INTO keyset_readers (reader, keyset, keys, primary_key,"
                            + " control_revision_micros, checkpoint) VALUES (:reader, :keyset,"
                            + " :keys, :primary, :micros, :checkpoint) ON CONFLICT (reader, keyset)"
                            + " DO UPDATE SET keys = excluded.keys, primary_key ="
                            + " excluded.primary_key, control_revision_micros ="
                            + " excluded.control_revision_micros, checkpoint = excluded.checkpoint,"
                            + " seen_at = now()")
                .bind("reader", reader)
                .bind("keyset", held.keyset())
                .bindArray("keys", Long.class, held.all().toArray())
                .bind("primary", held.primary())
                .bind("micros", controlMicros)
                .bind("checkpoint", checkpoint)
                .execute();
    }
}

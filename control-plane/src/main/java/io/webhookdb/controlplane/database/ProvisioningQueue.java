package io.webhookdb.controlplane.database;

import java.util.Arrays;
import org.jdbi.v3.core.Handle;

/**
 * The list of entities the provisioner has to look at. The caller adds an entry in the transaction
 * that changes the entity, as its last statement: a global lock is held from here to the commit, so
 * that ids grow in commit order and no entry can appear behind one that was already read.
 */
public final class ProvisioningQueue {
    /** Channel of the notification that wakes the provisioner. */
    public static final String CHANNEL = "webhookdb_provisioning";

    /** Key of the advisory lock that puts entries in commit order. */
    private static final long COMMIT_ORDER_LOCK = 0x7768_6462_0001L;

    private ProvisioningQueue() {}

    /** Kinds of entities. The word is stored. */
    public enum Kind {
        ORGANIZATION("organization"),
        INTEGRATION("integration"),
        /** Published as it is stored: {@link ControlDocuments}. */
        DOCUMENT("document"),
        SAVED_VIEW("saved_view"),
        READER_ROLL("reader_roll"),
        /** The move of an organization to another database. */
        MIGRATION("migration"),
        /** Values of columns that were added. */
        COLUMN_FILL("column_fill"),
        /** Told when everything it rewrote is published. */
        ROTATION("rotation");

        private final String word;

        Kind(String word) {
            this.word = word;
        }

        /** The stored word. */
        public String word() {
            return word;
        }

        /** Parses {@link #word()}. */
        public static Kind of(String word) {
            for (Kind kind : values()) {
                if (kind.word.equals(word)) {
                    return kind;
                }
            }
            throw new IllegalArgumentException(
                    "Unknown kind \""
                            + word
                            + "\". Allowed: "
                            + Arrays.stream(values()).map(Kind::word).toList()
                            + ".");
        }
    }

    /** Lists a changed entity; takes effect, and wakes the provisioner, when the caller commits. */
    public static void add(Handle transaction, Kind kind, long entity) {
        transaction.execute("SELECT pg_advisory_xact_lock(?)", COMMIT_ORDER_LOCK);
        transaction.execute(
                "INSERT INTO provisioning (kind, entity_id) VALUES (?, ?)", kind.word(), entity);
        wake(transaction);
    }

    /** Wakes the provisioner when the caller commits. */
    public static void wake(Handle transaction) {
        transaction.execute("SELECT pg_notify(?, '')", CHANNEL);
    }
}

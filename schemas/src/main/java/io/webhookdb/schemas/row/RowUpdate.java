package io.webhookdb.schemas.row;

/**
 * One state of one row, as an event brings it: the unit that is ordered, written and announced.
 *
 * @param organization numeric id of the organization
 * @param integration opaque id of the integration
 * @param epoch epoch of the integration; a larger one voids what was remembered of its rows
 * @param definition hash of the definition that made the cells
 * @param key remote key as text
 * @param version where this state stands among the row's states
 * @param operation upsert, delete with the final object, or delete that brings only the key
 * @param contentHash 16 bytes over the resource's bytes as received
 * @param deliveryHash 16 bytes over the vendor's delivery id; null where the vendor has none
 * @param receivedAtMicros when the event was received, microseconds since the epoch
 * @param cells one per column of the definition, in its order, in Postgres text form; null is NULL
 * @param data the resource as UTF-8 JSON that jsonb accepts
 */
public record RowUpdate(
        long organization,
        String integration,
        long epoch,
        String definition,
        String key,
        Version version,
        Operation operation,
        byte[] contentHash,
        byte[] deliveryHash,
        long receivedAtMicros,
        String[] cells,
        byte[] data) {

    /** What an event asks of a row. The code is stored in state; never renumber. */
    public enum Operation {
        UPSERT(0),
        /** The row is gone at the vendor; the event carried the final object. */
        DELETE(1),
        /** The row is gone; the event carried only its key, so the last known columns are kept. */
        DELETE_BY_KEY(2);

        private final int code;

        Operation(int code) {
            this.code = code;
        }

        /** Stable number for serializers. */
        public int code() {
            return code;
        }

        /** The operation of that number. */
        public static Operation ofCode(int code) {
            for (Operation operation : values()) {
                if (operation.code == code) {
                    return operation;
                }
            }
            throw new IllegalArgumentException(
                    "Unknown row operation " + code + ", allowed: 0, 1, 2.");
        }
    }

    /** The same state under another version (its content was first seen under that one). */
    public RowUpdate withVersion(Version other) {
        return new RowUpdate(
                organization,
                integration,
                epoch,
                definition,
                key,
                other,
                operation,
                contentHash,
                deliveryHash,
                receivedAtMicros,
                cells,
                data);
    }

    /** The same state with other cells (what it keeps of an older one). */
    public RowUpdate withCells(String[] other) {
        return new RowUpdate(
                organization,
                integration,
                epoch,
                definition,
                key,
                version,
                operation,
                contentHash,
                deliveryHash,
                receivedAtMicros,
                other,
                data);
    }

    /** A delete that brings only the key, with the final resource of the state it buries. */
    RowUpdate withResourceOf(RowUpdate buried) {
        return new RowUpdate(
                organization,
                integration,
                epoch,
                definition,
                key,
                version,
                Operation.DELETE,
                buried.contentHash,
                deliveryHash,
                receivedAtMicros,
                cells,
                buried.data);
    }
}

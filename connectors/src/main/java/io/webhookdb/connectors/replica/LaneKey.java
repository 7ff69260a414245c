package io.webhookdb.connectors.replica;

import io.webhookdb.schemas.row.RowUpdate;

/**
 * Key of the stream of rows: organization, integration and a shard of the remote key. As text it is
 * the key of the state, so its form never changes. Savepoints of before have rows under four
 * shards.
 *
 * @param organization numeric id
 * @param integration opaque id
 * @param shard from 0
 */
public record LaneKey(long organization, String integration, int shard) {

    /** Text key of the lane of a row. */
    public static String text(RowUpdate update, int shards) {
        int spread = update.key().hashCode() * 0x9E3779B9;
        int shard = Math.floorMod(spread >>> 16, shards);
        return new LaneKey(update.organization(), update.integration(), shard).text();
    }

    /** {@code organization/integration/shard}. */
    public String text() {
        return organization + "/" + integration + "/" + shard;
    }

    /** Reads {@link #text()}. */
    static LaneKey of(String text) {
        int first = text.indexOf('/');
        int last = text.lastIndexOf('/');
        return new LaneKey(
                Long.parseLong(text.substring(0, first)),
                text.substring(first + 1, last),
                Integer.parseInt(text.substring(last + 1)));
    }
}

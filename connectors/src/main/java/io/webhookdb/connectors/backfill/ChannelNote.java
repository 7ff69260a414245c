package io.webhookdb.connectors.backfill;

/**
 * A channel on which a vendor notifies of changes of one row. In state as JSON.
 *
 * @param integration whose listing it is made for
 * @param parent the row, with the sealed credential of its owner
 * @param channel the vendor's name for it; null: there is none now
 * @param dueAtMillis when it has to be made or renewed; {@link Long#MAX_VALUE}: the vendor has none
 *     for this row
 * @param listedAtMillis when the row was listed last: what is not listed any more is not renewed
 */
record ChannelNote(
        String integration,
        ParentRow parent,
        String channel,
        long dueAtMillis,
        long listedAtMillis) {

    ChannelNote listed(ParentRow newest, long now) {
        return new ChannelNote(integration, newest, channel, dueAtMillis, now);
    }

    /** The same for a row that has its credential sealed anew. */
    ChannelNote of(ParentRow row) {
        return new ChannelNote(integration, row, channel, dueAtMillis, listedAtMillis);
    }

    ChannelNote due(long atMillis) {
        return new ChannelNote(integration, parent, channel, atMillis, listedAtMillis);
    }

    ChannelNote named(String other, long renewAtMillis) {
        return new ChannelNote(integration, parent, other, renewAtMillis, listedAtMillis);
    }
}

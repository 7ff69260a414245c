package io.webhookdb.connectors.sync;

/**
 * Where rows go. Blocks, so never on a task thread; used by one thread at a time.
 *
 * <p>A target makes sure it can take the rows (schema, table, columns), brings them there (stage),
 * makes them visible (merge) and returns only then. Repeated and outdated pages are harmless as far
 * as the target can tell versions apart. See {@code SyncTargetContract} in the tests.
 */
public interface SyncTarget extends AutoCloseable {
    /**
     * Takes all rows of the page or, where it can, none.
     *
     * @throws SyncException classified, if the page is to be sent again
     */
    void deliver(SyncPage page) throws SyncException;

    /**
     * From another thread: has {@link #deliver}, if it is under way, fail soon. Targets whose every
     * wait is short have nothing to do.
     */
    default void abort() {}

    /** Gives up what is only needed between the pages of one sync, such as a connection. */
    void rest();

    @Override
    default void close() {
        rest();
    }
}

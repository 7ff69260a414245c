package io.webhookdb.connectors.replica;

/**
 * How much heap the rows that wait may take: the more, the larger the batches of many
 * organizations. A sixth of the process's heap, shared by its task slots, within what the settings
 * allow.
 */
final class HeapShare {
    private static final int PART = 6;
    private static final long LEAST = 32L << 20;

    private HeapShare() {}

    /**
     * Bytes for one subtask.
     *
     * @param most what the settings allow
     * @param heap the process's largest heap, bytes
     * @param slots task slots of the process
     */
    static long bytes(long most, long heap, int slots) {
        return Math.min(most, Math.max(LEAST, heap / PART / Math.max(1, slots)));
    }
}

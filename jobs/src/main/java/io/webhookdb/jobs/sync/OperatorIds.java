package io.webhookdb.jobs.sync;

/**
 * Names under which state is found again in checkpoints and savepoints. Never change one: its state
 * would be lost.
 */
final class OperatorIds {
    private static final String PREFIX = "sync-";

    static final String CHANGES = PREFIX + "changes";
    static final String CONTROL = PREFIX + "control";
    static final String ROUTE = PREFIX + "route";
    static final String TARGETS = PREFIX + "targets";
    static final String DEAD_LETTERS = PREFIX + "dead-letters";
    static final String STATUS = PREFIX + "status";
    static final String KEYSETS = PREFIX + "keysets";
    static final String KEYSETS_STATUS = PREFIX + "keysets-status";

    private OperatorIds() {}
}

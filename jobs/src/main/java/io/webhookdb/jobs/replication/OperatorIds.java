package io.webhookdb.jobs.replication;

/**
 * Names under which state is found again in checkpoints and savepoints. Never change one: its state
 * would be lost.
 */
final class OperatorIds {
    private static final String PREFIX = "replication-";

    static final String EVENTS = PREFIX + "events";
    static final String BACKFILL_EVENTS = PREFIX + "backfill-events";
    static final String CONTROL = PREFIX + "control";
    static final String TRANSLATE = PREFIX + "translate";
    static final String HOLD = PREFIX + "hold-unknown";
    static final String LATEST_WINS = PREFIX + "latest-wins";
    static final String RECALL = PREFIX + "recall";
    static final String REPLICA_WRITER = PREFIX + "replica-writer";
    static final String CHANGES = PREFIX + "changes";
    static final String STATUS = PREFIX + "status";
    static final String FETCHES = PREFIX + "fetches";
    static final String DEAD_LETTERS = PREFIX + "dead-letters";
    static final String FLOOR = PREFIX + "floor";
    static final String KEYSETS = PREFIX + "keysets";
    static final String KEYSETS_STATUS = PREFIX + "keysets-status";

    private OperatorIds() {}
}

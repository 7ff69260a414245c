package io.webhookdb.jobs.backfill;

/**
 * Names under which state is found again in checkpoints and savepoints. Never change one: its state
 * would be lost.
 */
final class OperatorIds {
    private static final String PREFIX = "backfill-";

    static final String CONTROL = PREFIX + "control";
    static final String FETCHES = PREFIX + "fetches";
    static final String ACCOUNTS = PREFIX + "accounts";
    static final String EVENTS = PREFIX + "events";
    static final String STATUS = PREFIX + "status";

    private OperatorIds() {}
}

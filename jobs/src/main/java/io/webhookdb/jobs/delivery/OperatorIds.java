package io.webhookdb.jobs.delivery;

/**
 * Names under which state is found again in checkpoints and savepoints. Never change one: its state
 * would be lost.
 */
final class OperatorIds {
    private static final String PREFIX = "delivery-";

    static final String CHANGES = PREFIX + "changes";
    static final String CONTROL = PREFIX + "control";
    static final String ROUTE = PREFIX + "route";
    static final String RECOVERY_ORDERS = PREFIX + "recovery-orders";
    static final String RECOVER = PREFIX + "recover";
    static final String FUNCTIONS = PREFIX + "functions";
    static final String FUNCTION_RESULTS = PREFIX + "function-results";
    static final String FOR_FUNCTIONS = PREFIX + "for-functions";
    static final String FOR_WEBHOOKS = PREFIX + "for-webhooks";
    static final String RECOVERED_FOR_WEBHOOKS = PREFIX + "recovered-for-webhooks";
    static final String RECOVERED_FOR_FUNCTIONS = PREFIX + "recovered-for-functions";
    static final String WEBHOOKS = PREFIX + "webhooks";
    static final String STATUS = PREFIX + "status";
    static final String DEAD_LETTERS = PREFIX + "dead-letters";
    static final String KEYSETS = PREFIX + "keysets";
    static final String KEYSETS_STATUS = PREFIX + "keysets-status";

    private OperatorIds() {}
}

package io.webhookdb.connectors.sync;

import io.webhookdb.schemas.control.SyncTargetControl;

/**
 * Whose rows go where: a target and, if it takes every integration's, one of them. Written {@code
 * syt_1} or {@code syt_1@svi_2}; each such pair has lanes of its own.
 *
 * @param target opaque id of the sync target
 * @param integration opaque id of the integration; null if the target has just one
 */
record LaneTarget(String target, String integration) {
    private static final char AT = '@';

    static LaneTarget of(SyncTargetControl control, String integration) {
        return new LaneTarget(control.id(), control.takesAllIntegrations() ? integration : null);
    }

    static LaneTarget parse(String text) {
        int at = text.indexOf(AT);
        return at < 0
                ? new LaneTarget(text, null)
                : new LaneTarget(text.substring(0, at), text.substring(at + 1));
    }

    /** The integration whose rows these are. */
    String integrationOf(SyncTargetControl control) {
        return integration == null ? control.integration() : integration;
    }

    String text() {
        return integration == null ? target : target + AT + integration;
    }
}

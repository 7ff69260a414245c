package io.webhookdb.connectors.sync;

import io.webhookdb.schemas.control.SyncTargetControl;
import io.webhookdb.schemas.control.SyncTargetSettings.Lanes;

/**
 * Whose rows go where: a target and, if it takes every integration's, one of them. Written {@code
 * syt_1} or {@code syt_1@svi_2}; each such pair has lanes of its own. Where the target wants
 * several lanes, or did, their count and number of change follow: {@code syt_1*4.1}. So another
 * count makes lanes that begin with all rows, and no change of a row can be left in a lane of
 * before.
 *
 * @param target opaque id of the sync target
 * @param integration opaque id of the integration; null if the target has just one
 * @param lanes how its rows are shared out
 */
record LaneTarget(String target, String integration, Lanes lanes) {
    private static final char AT = '@';
    private static final char TIMES = '*';

    static LaneTarget of(SyncTargetControl control, String integration) {
        return new LaneTarget(
                control.id(),
                control.takesAllIntegrations() ? integration : null,
                control.settings().lanes());
    }

    static LaneTarget parse(String text) {
        int times = text.lastIndexOf(TIMES);
        String whose = times < 0 ? text : text.substring(0, times);
        int at = whose.indexOf(AT);
        return new LaneTarget(
                at < 0 ? whose : whose.substring(0, at),
                at < 0 ? null : whose.substring(at + 1),
                times < 0 ? Lanes.ONE : lanes(text.substring(times + 1)));
    }

    private static Lanes lanes(String text) {
        int point = text.indexOf('.');
        return new Lanes(
                Integer.parseInt(text.substring(0, point)),
                Long.parseLong(text.substring(point + 1)));
    }

    /**
     * How many lanes there are.
     *
     * @param usual of targets that never asked for more than one
     */
    static int count(String text, int usual) {
        return text.lastIndexOf(TIMES) < 0 ? usual : parse(text).lanes().count();
    }

    /** The integration whose rows these are. */
    String integrationOf(SyncTargetControl control) {
        return integration == null ? control.integration() : integration;
    }

    String text() {
        return (integration == null ? target : target + AT + integration)
                + (lanes.equals(Lanes.ONE) ? "" : TIMES + "" + lanes.count() + "." + lanes.since());
    }
}

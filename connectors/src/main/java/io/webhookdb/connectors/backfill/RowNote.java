package io.webhookdb.connectors.backfill;

/**
 * What is remembered of a row fanned out over, where each has a watermark of its own. In state as
 * JSON.
 *
 * @param listedFromMicros start of the run that last listed it to its end, microseconds since the
 *     epoch
 * @param epoch the integration's epoch then: a reset makes the next listing complete
 */
record RowNote(long listedFromMicros, long epoch) {}

package io.webhookdb.connectors.backfill;

/**
 * What is remembered of an integration between its runs. In state as JSON.
 *
 * @param completeFromMicros start of the last run that reached its end, microseconds since the
 *     epoch; 0: none has
 * @param epoch the integration's epoch then: a reset makes the next run complete
 * @param nextAtMillis when a scheduled run is due; 0: none is planned
 */
record IntegrationNote(long completeFromMicros, long epoch, long nextAtMillis) {
    static final IntegrationNote NEW = new IntegrationNote(0, 0, 0);

    IntegrationNote complete(long startMicros, long epochThen) {
        return new IntegrationNote(startMicros, epochThen, nextAtMillis);
    }

    IntegrationNote next(long atMillis) {
        return new IntegrationNote(completeFromMicros, epoch, atMillis);
    }
}

package io.webhookdb.connectors.statefun;

/**
 * What an address has to do later.
 *
 * @param next number of the next delayed message
 * @param delayed delayed messages that wait
 * @param sweepAt when a timer looks for expired values, milliseconds since the epoch; {@link
 *     Long#MAX_VALUE} if none is set
 */
record Agenda(long next, int delayed, long sweepAt) {
    static final Agenda EMPTY = new Agenda(0, 0, Long.MAX_VALUE);

    boolean isIdle() {
        return delayed == 0 && sweepAt == Long.MAX_VALUE;
    }

    Agenda added() {
        return new Agenda(next + 1, delayed + 1, sweepAt);
    }

    Agenda removed(int messages) {
        return new Agenda(next, delayed - messages, sweepAt);
    }

    Agenda sweptAt(long at) {
        return new Agenda(next, delayed, at);
    }
}

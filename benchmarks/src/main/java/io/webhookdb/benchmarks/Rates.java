package io.webhookdb.benchmarks;

/** Rates of one thing, one per round. */
final class Rates {
    /** Rows a second. */
    final Samples speed = new Samples();

    /** Processor time of this process, microseconds a row. */
    final Samples own = new Samples();

    /** Processor time of Postgres, microseconds a row. */
    final Samples postgres = new Samples();

    void add(Progress.Rate rate) {
        speed.add(rate.perSecond());
        own.add(rate.cpuMicros());
        postgres.add(rate.postgresMicros());
    }
}

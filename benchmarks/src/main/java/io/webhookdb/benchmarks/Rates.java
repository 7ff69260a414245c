package io.webhookdb.benchmarks;

import java.util.Map;
import java.util.TreeMap;

/** Rates of one thing, one per round. */
final class Rates {
    /** Rows a second. */
    final Samples speed = new Samples();

    /** Processor time of this process, microseconds a row. */
    final Samples own = new Samples();

    /** Processor time of Postgres, microseconds a row. */
    final Samples postgres = new Samples();

    /** Of {@link #own}, by what threads do. */
    final Map<String, Samples> threads = new TreeMap<>();

    void add(Progress.Rate rate) {
        speed.add(rate.perSecond());
        own.add(rate.cpuMicros());
        postgres.add(rate.postgresMicros());
        rate.threads()
                .forEach(
                        (group, micros) ->
                                threads.computeIfAbsent(group, g -> new Samples()).add(micros));
    }
}

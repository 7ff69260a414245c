package io.webhookdb.benchmarks.jmh;

import io.webhookdb.benchmarks.Charges;
import io.webhookdb.schemas.event.Event;
import io.webhookdb.schemas.row.Extraction;
import io.webhookdb.schemas.row.RowExtractor;
import io.webhookdb.schemas.row.RowUpdate;
import java.io.IOException;
import java.security.NoSuchAlgorithmException;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * Parse and map: a body of 1.3 kB into a row of ten columns, by its definition and by code written
 * for it. By definition it should have at least 0.7 of the speed.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class ParseBenchmark {
    private final RowExtractor extractor = new RowExtractor(Charges.SERVICE);
    private final Event event = Charges.event("svi_jmh", 7, 0);

    private final HandTunedCharge handTuned = new HandTunedCharge();

    /** One event, by code that knows nothing but charges. */
    @Benchmark
    public RowUpdate handTuned() throws IOException, NoSuchAlgorithmException {
        return handTuned.parse(event);
    }

    /** One event. */
    @Benchmark
    public Extraction parseAndMap() {
        return extractor.extract(event, 1, 1);
    }
}

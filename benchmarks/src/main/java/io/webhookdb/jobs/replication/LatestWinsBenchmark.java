package io.webhookdb.jobs.replication;

import io.webhookdb.benchmarks.Charges;
import io.webhookdb.connectors.replica.SourcedRow;
import io.webhookdb.schemas.Topics;
import io.webhookdb.schemas.event.Origin;
import io.webhookdb.schemas.row.Extraction;
import io.webhookdb.schemas.row.RowExtractor;
import io.webhookdb.schemas.row.RowUpdate;
import java.io.IOException;
import java.util.concurrent.TimeUnit;
import org.apache.flink.core.memory.DataInputDeserializer;
import org.apache.flink.core.memory.DataOutputSerializer;
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
 * Latest wins without the state backend: what is remembered of a row is read, decided on and
 * written. In the job's package, since nobody else has to know these classes.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class LatestWinsBenchmark {
    private final RowMemorySerializer serializer = new RowMemorySerializer();
    private final DataOutputSerializer out = new DataOutputSerializer(512);
    private final SourcedRow later = row(1);
    private final byte[] remembered = remembered();

    private static SourcedRow row(int state) {
        RowExtractor extractor = new RowExtractor(Charges.SERVICE);
        Extraction extraction = extractor.extract(Charges.event("svi_jmh", 7, state), 1, 1);
        RowUpdate update = ((Extraction.Rows) extraction).updates().get(0);
        return new SourcedRow(update, Origin.WEBHOOK, Topics.EVENTS, 0, state);
    }

    private byte[] remembered() {
        try {
            serializer.serialize(RowOrdering.decide(null, row(0)).memory(), out);
            return out.getCopyOfBuffer();
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    /** A newer state of a known row. */
    @Benchmark
    public int newerState() throws IOException {
        RowMemory memory = serializer.deserialize(new DataInputDeserializer(remembered));
        out.clear();
        serializer.serialize(RowOrdering.decide(memory, later).memory(), out);
        return out.length();
    }
}

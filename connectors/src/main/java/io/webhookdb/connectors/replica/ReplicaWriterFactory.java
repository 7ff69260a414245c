package io.webhookdb.connectors.replica;

import io.webhookdb.connectors.control.ControlBootstrap;
import io.webhookdb.connectors.kafka.OutgoingRecord;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.api.java.tuple.Tuple2;
import org.apache.flink.streaming.api.operators.AbstractStreamOperatorFactory;
import org.apache.flink.streaming.api.operators.ChainingStrategy;
import org.apache.flink.streaming.api.operators.StreamOperator;
import org.apache.flink.streaming.api.operators.StreamOperatorParameters;
import org.apache.flink.streaming.api.operators.TwoInputStreamOperatorFactory;
import org.apache.flink.util.OutputTag;

/**
 * Makes the operator that writes rows, keyed by {@link LaneKey}, into the organizations' databases.
 * Its second input are broadcast control records, its output announcements of committed changes,
 * its side outputs {@link io.webhookdb.connectors.kafka.DeadLetters#TAG}, {@link #epochs()} and
 * {@link #unsettled()}.
 */
public final class ReplicaWriterFactory extends AbstractStreamOperatorFactory<OutgoingRecord>
        implements TwoInputStreamOperatorFactory<SourcedRow, byte[], OutgoingRecord> {
    private static final long serialVersionUID = 1L;

    private final ReplicaWriterSettings settings;
    private final ControlBootstrap bootstrap;
    private final String keysets;
    private final String outboundAllow;

    /**
     * @param settings limits
     * @param bootstrap how control is read when there is no restored state
     * @param keysets folder with the keyset that opens owner passwords
     * @param outboundAllow ranges in which customers' own databases may be although they are not
     *     public
     */
    public ReplicaWriterFactory(
            ReplicaWriterSettings settings,
            ControlBootstrap bootstrap,
            String keysets,
            String outboundAllow) {
        this.settings = settings;
        this.bootstrap = bootstrap;
        this.keysets = keysets;
        this.outboundAllow = outboundAllow;
        this.chainingStrategy = ChainingStrategy.ALWAYS;
    }

    /** Side output of reports on epochs, for the status topic. */
    public static OutputTag<OutgoingRecord> epochs() {
        return EpochReports.tag();
    }

    /**
     * Side output of what is unsettled: before every barrier each subtask's index and when the
     * oldest event was received that it has not settled, microseconds since the epoch; {@link
     * Long#MAX_VALUE} if there is none.
     */
    public static OutputTag<Tuple2<Integer, Long>> unsettled() {
        return new OutputTag<>("unsettled", Types.TUPLE(Types.INT, Types.LONG));
    }

    @Override
    @SuppressWarnings("unchecked") // The operator's output type is the factory's.
    public <T extends StreamOperator<OutgoingRecord>> T createStreamOperator(
            StreamOperatorParameters<OutgoingRecord> parameters) {
        return (T) new ReplicaWriter(parameters, settings, bootstrap, keysets, outboundAllow);
    }

    @Override
    @SuppressWarnings("rawtypes") // As the interface declares it.
    public Class<? extends StreamOperator> getStreamOperatorClass(ClassLoader classLoader) {
        return ReplicaWriter.class;
    }
}

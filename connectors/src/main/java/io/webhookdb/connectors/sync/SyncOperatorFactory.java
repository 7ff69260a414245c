package io.webhookdb.connectors.sync;

import io.webhookdb.connectors.kafka.OutgoingRecord;
import org.apache.flink.streaming.api.operators.AbstractStreamOperatorFactory;
import org.apache.flink.streaming.api.operators.ChainingStrategy;
import org.apache.flink.streaming.api.operators.StreamOperator;
import org.apache.flink.streaming.api.operators.StreamOperatorParameters;
import org.apache.flink.streaming.api.operators.TwoInputStreamOperatorFactory;
import org.apache.flink.util.OutputTag;

/**
 * Makes the operator that sends rows, keyed by {@link SyncInput#lane()}, to sync targets. Its
 * second input are broadcast control records; it has no output but {@link
 * io.webhookdb.connectors.kafka.DeadLetters#TAG}.
 */
public final class SyncOperatorFactory extends AbstractStreamOperatorFactory<OutgoingRecord>
        implements TwoInputStreamOperatorFactory<SyncInput, byte[], OutgoingRecord> {
    private static final long serialVersionUID = 1L;

    private final SyncSettings settings;
    private final String keysets;

    /** Reports on how targets stand, for the status topic. */
    public static final OutputTag<OutgoingRecord> STATUS = SyncReports.TAG;

    /**
     * @param settings limits
     * @param keysets folder with the keyset that opens owner passwords and connection URLs
     */
    public SyncOperatorFactory(SyncSettings settings, String keysets) {
        this.settings = settings;
        this.keysets = keysets;
        this.chainingStrategy = ChainingStrategy.ALWAYS;
    }

    @Override
    @SuppressWarnings("unchecked") // The operator's output type is the factory's.
    public <T extends StreamOperator<OutgoingRecord>> T createStreamOperator(
            StreamOperatorParameters<OutgoingRecord> parameters) {
        return (T) new SyncOperator(parameters, settings, keysets);
    }

    @Override
    @SuppressWarnings("rawtypes") // As the interface declares it.
    public Class<? extends StreamOperator> getStreamOperatorClass(ClassLoader classLoader) {
        return SyncOperator.class;
    }
}

package io.webhookdb.connectors.backfill;

import io.webhookdb.connectors.kafka.IncomingEvent;
import io.webhookdb.connectors.kafka.OutgoingRecord;
import org.apache.flink.streaming.api.operators.AbstractStreamOperatorFactory;
import org.apache.flink.streaming.api.operators.ChainingStrategy;
import org.apache.flink.streaming.api.operators.StreamOperator;
import org.apache.flink.streaming.api.operators.StreamOperatorParameters;
import org.apache.flink.streaming.api.operators.TwoInputStreamOperatorFactory;
import org.apache.flink.util.OutputTag;

/**
 * Makes the operator that fetches. First input: JSON of {@link
 * io.webhookdb.schemas.fetch.FetchOrder}s, keyed by integration; second: broadcast control records.
 * Output: events; on {@link #STATUS} reports.
 */
public final class BackfillOperatorFactory extends AbstractStreamOperatorFactory<IncomingEvent>
        implements TwoInputStreamOperatorFactory<byte[], byte[], IncomingEvent> {
    private static final long serialVersionUID = 1L;

    /** Reports, for the status topic. */
    public static final OutputTag<OutgoingRecord> STATUS =
            new OutputTag<>("status", OutgoingRecord.TYPE);

    private final BackfillSettings settings;
    private final String keysets;

    /**
     * @param settings limits
     * @param keysets folder with the keyset that opens credentials and owner passwords
     */
    public BackfillOperatorFactory(BackfillSettings settings, String keysets) {
        this.settings = settings;
        this.keysets = keysets;
        this.chainingStrategy = ChainingStrategy.ALWAYS;
    }

    @Override
    @SuppressWarnings("unchecked") // The operator's output type is the factory's.
    public <T extends StreamOperator<IncomingEvent>> T createStreamOperator(
            StreamOperatorParameters<IncomingEvent> parameters) {
        return (T) new BackfillOperator(parameters, settings, keysets);
    }

    @Override
    @SuppressWarnings("rawtypes") // As the interface declares it.
    public Class<? extends StreamOperator> getStreamOperatorClass(ClassLoader classLoader) {
        return BackfillOperator.class;
    }
}

package io.webhookdb.connectors.statefun;

import io.webhookdb.connectors.control.ControlBootstrap;
import io.webhookdb.connectors.kafka.OutgoingRecord;
import org.apache.flink.statefun.sdk.java.TypeName;
import org.apache.flink.streaming.api.operators.AbstractStreamOperatorFactory;
import org.apache.flink.streaming.api.operators.ChainingStrategy;
import org.apache.flink.streaming.api.operators.StreamOperator;
import org.apache.flink.streaming.api.operators.StreamOperatorParameters;
import org.apache.flink.streaming.api.operators.TwoInputStreamOperatorFactory;
import org.apache.flink.util.OutputTag;

/**
 * Makes the operator that runs functions. Its first input are messages keyed by {@link
 * FunctionMessage#address()}, its second broadcast control records, its output what functions sent
 * to {@link #KAFKA}, its side output {@link io.webhookdb.connectors.kafka.DeadLetters#TAG}.
 */
public final class FunctionHostFactory extends AbstractStreamOperatorFactory<OutgoingRecord>
        implements TwoInputStreamOperatorFactory<FunctionMessage, byte[], OutgoingRecord> {
    private static final long serialVersionUID = 1L;

    /**
     * The egress of functions: {@code KafkaEgressMessage.forEgress(KAFKA).withTopic(…)} with a
     * topic of {@link FunctionHostSettings#topics()}.
     */
    public static final TypeName KAFKA = TypeName.typeNameOf("io.webhookdb", "kafka");

    /**
     * Where a function sends its result, if its module takes one ({@link FunctionModule#result}).
     */
    public static final TypeName RESULT = TypeName.typeNameOf("io.webhookdb", "result");

    private final FunctionModule module;
    private final FunctionHostSettings settings;
    private final ControlBootstrap bootstrap;

    /**
     * @param module the functions
     * @param settings limits
     * @param bootstrap how control is read when there is no restored state
     */
    public FunctionHostFactory(
            FunctionModule module, FunctionHostSettings settings, ControlBootstrap bootstrap) {
        this.module = module;
        this.settings = settings;
        this.bootstrap = bootstrap;
        this.chainingStrategy = ChainingStrategy.ALWAYS;
    }

    /** Side output of what goes to a topic other than the first. */
    public static OutputTag<OutgoingRecord> egress(String topic) {
        return new OutputTag<>("egress-" + topic, OutgoingRecord.TYPE);
    }

    @Override
    @SuppressWarnings("unchecked") // The operator's output type is the factory's.
    public <T extends StreamOperator<OutgoingRecord>> T createStreamOperator(
            StreamOperatorParameters<OutgoingRecord> parameters) {
        return (T) new FunctionHost(parameters, module, settings, bootstrap);
    }

    @Override
    @SuppressWarnings("rawtypes") // As the interface declares it.
    public Class<? extends StreamOperator> getStreamOperatorClass(ClassLoader classLoader) {
        return FunctionHost.class;
    }
}

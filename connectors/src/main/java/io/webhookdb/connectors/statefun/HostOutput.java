package io.webhookdb.connectors.statefun;

import io.webhookdb.connectors.kafka.DeadLetters;
import io.webhookdb.connectors.kafka.OutgoingRecord;
import io.webhookdb.connectors.statefun.FunctionModule.Presented;
import io.webhookdb.connectors.statefun.InvocationResult.Egress;
import io.webhookdb.schemas.deadletter.DeadLetter;
import java.util.List;
import org.apache.flink.streaming.api.operators.Output;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;

/** What leaves the host: to the main output, beside it, or to the dead letters. */
final class HostOutput {
    private final Output<StreamRecord<OutgoingRecord>> output;
    private final FunctionModule module;
    private final String mainTopic;
    private final HostMetrics counts;

    HostOutput(
            Output<StreamRecord<OutgoingRecord>> output,
            FunctionModule module,
            FunctionHostSettings settings,
            HostMetrics counts) {
        this.output = output;
        this.module = module;
        this.mainTopic = settings.topics().isEmpty() ? "" : settings.topics().get(0);
        this.counts = counts;
    }

    void emit(Egress egress) {
        counts.egress.inc();
        StreamRecord<OutgoingRecord> record = new StreamRecord<>(egress.record());
        if (egress.topic().equals(mainTopic)) {
            output.collect(record);
        } else {
            output.collect(FunctionHostFactory.egress(egress.topic()), record);
        }
    }

    /**
     * Emits a function's result.
     *
     * @param answered the messages of the call, of which there has to be one
     */
    void result(FunctionAddress address, List<PendingMessage> answered, List<Presented> results) {
        if (results.size() > 1 || answered.size() != 1) {
            refuse(
                    address,
                    results.size() + " results of " + answered.size() + " messages, expected one");
            return;
        }
        Presented message = new Presented(answered.get(0).payloadType(), answered.get(0).payload());
        try {
            output.collect(new StreamRecord<>(module.result(message, results.get(0))));
            counts.egress.inc();
        } catch (IllegalArgumentException e) {
            refuse(address, e.getMessage());
        }
    }

    /** Notes something a function may not do. */
    void refuse(FunctionAddress address, String why) {
        counts.refused.inc();
        bury(address, DeadLetter.Reason.FUNCTION_MESSAGE_REFUSED, why, 1);
    }

    /** Notes a message that is given up. */
    void dead(FunctionAddress address, String why, int attempts) {
        counts.dead.inc();
        bury(address, DeadLetter.Reason.FUNCTION_FAILED, why, attempts);
    }

    private void bury(FunctionAddress address, DeadLetter.Reason reason, String why, int attempts) {
        FunctionOwner owner = module.owner(address.typename(), address.id());
        output.collect(
                DeadLetters.TAG,
                new StreamRecord<>(owner.deadLetter(address, reason, why, attempts)));
    }
}

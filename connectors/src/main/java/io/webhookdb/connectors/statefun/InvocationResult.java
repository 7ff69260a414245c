package io.webhookdb.connectors.statefun;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.webhookdb.connectors.kafka.OutgoingRecord;
import io.webhookdb.connectors.statefun.FunctionModule.Presented;
import java.util.ArrayList;
import java.util.List;
import org.apache.flink.statefun.sdk.egress.generated.KafkaProducerRecord;
import org.apache.flink.statefun.sdk.java.TypeName;
import org.apache.flink.statefun.sdk.reqreply.generated.Address;
import org.apache.flink.statefun.sdk.reqreply.generated.FromFunction.DelayedInvocation;
import org.apache.flink.statefun.sdk.reqreply.generated.FromFunction.EgressMessage;
import org.apache.flink.statefun.sdk.reqreply.generated.FromFunction.Invocation;
import org.apache.flink.statefun.sdk.reqreply.generated.FromFunction.InvocationResponse;
import org.apache.flink.statefun.sdk.shaded.com.google.protobuf.InvalidProtocolBufferException;

/**
 * What an answer asks for, sorted into what the host does and what it refuses.
 *
 * @param toItself messages to the same address, in order
 * @param later delayed messages and cancellations, in order
 * @param egress records for Kafka, in order
 * @param results what was sent to {@link FunctionHostFactory#RESULT}, in order
 * @param refused why something was refused, one text each
 */
record InvocationResult(
        List<PendingMessage> toItself,
        List<Later> later,
        List<Egress> egress,
        List<Presented> results,
        List<String> refused) {

    /** Something about delayed messages. */
    sealed interface Later {}

    /** A new delayed message. */
    record Delay(DelayedMessage message) implements Later {}

    /** No more of those. */
    record Cancel(String token) implements Later {}

    /** A record and where it goes. */
    record Egress(String topic, OutgoingRecord record) {}

    /**
     * Sorts an answer.
     *
     * @param own the address that answered
     * @param answer its answer
     * @param topics topics it may send to
     * @param now milliseconds since the epoch
     */
    static InvocationResult of(
            FunctionAddress own, InvocationResponse answer, List<String> topics, long now) {
        InvocationResult result =
                new InvocationResult(
                        new ArrayList<>(),
                        new ArrayList<>(),
                        new ArrayList<>(),
                        new ArrayList<>(),
                        new ArrayList<>());
        answer.getOutgoingMessagesList().forEach(message -> result.send(own, message));
        answer.getDelayedInvocationsList().forEach(delayed -> result.delay(own, delayed, now));
        answer.getOutgoingEgressesList().forEach(message -> result.emit(message, topics));
        return result;
    }

    private void send(FunctionAddress own, Invocation message) {
        if (isOwn(own, message.getTarget())) {
            toItself.add(
                    new PendingMessage(
                            message.getArgument().getTypename(),
                            message.getArgument().getValue().toByteArray(),
                            true));
        }
    }

    private void delay(FunctionAddress own, DelayedInvocation delayed, long now) {
        if (delayed.getIsCancellationRequest()) {
            if (delayed.getCancellationToken().isEmpty()) {
                refused.add("Cancellation without a token");
            } else {
                later.add(new Cancel(delayed.getCancellationToken()));
            }
        } else if (isOwn(own, delayed.getTarget())) {
            later.add(
                    new Delay(
                            new DelayedMessage(
                                    now + Math.max(0, delayed.getDelayInMs()),
                                    delayed.getCancellationToken(),
                                    delayed.getArgument().getTypename(),
                                    delayed.getArgument().getValue().toByteArray())));
        }
    }

    private boolean isOwn(FunctionAddress own, Address target) {
        boolean same = Protocol.isSame(target, own);
        if (!same) {
            refused.add(
                    "Message to "
                            + Protocol.text(target)
                            + ": a function may send to itself and to egresses only");
        }
        return same;
    }

    private void emit(EgressMessage message, List<String> topics) {
        if (isTo(message, FunctionHostFactory.RESULT)) {
            results.add(
                    new Presented(
                            message.getArgument().getTypename(),
                            message.getArgument().getValue().toByteArray()));
            return;
        }
        TypeName kafka = FunctionHostFactory.KAFKA;
        if (!isTo(message, kafka)) {
            refused.add(
                    "Message to egress "
                            + message.getEgressNamespace()
                            + "/"
                            + message.getEgressType()
                            + ", expected "
                            + kafka.asTypeNameString());
            return;
        }
        try {
            KafkaProducerRecord record =
                    KafkaProducerRecord.parseFrom(message.getArgument().getValue());
            if (!topics.contains(record.getTopic())) {
                refused.add(
                        "Message to topic \"" + record.getTopic() + "\", allowed are " + topics);
                return;
            }
            egress.add(
                    new Egress(
                            record.getTopic(),
                            new OutgoingRecord(
                                    record.getKey().getBytes(UTF_8),
                                    record.getValueBytes().toByteArray())));
        } catch (InvalidProtocolBufferException e) {
            refused.add("Message to an egress that is not a KafkaProducerRecord");
        }
    }

    private static boolean isTo(EgressMessage message, TypeName egress) {
        return message.getEgressNamespace().equals(egress.namespace())
                && message.getEgressType().equals(egress.name());
    }
}

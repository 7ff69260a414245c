package io.webhookdb.connectors.statefun;

import io.webhookdb.connectors.kafka.OutgoingRecord;
import java.io.Serializable;
import java.net.URI;
import java.util.Optional;
import org.apache.flink.metrics.MetricGroup;
import org.apache.flink.statefun.sdk.java.StatefulFunctions;

/**
 * The functions a {@link FunctionHostFactory host} runs. One deserialized copy per subtask.
 *
 * <p>All methods are called on the task thread and must not block. The functions themselves run on
 * the host's worker threads, one invocation at a time per address; what they share with this module
 * must be safe for that. They return futures rather than wait.
 */
public interface FunctionModule extends Serializable {

    /**
     * The functions in process. Called once per start, before any control record.
     *
     * @param metrics group of the operator
     * @param subtasks parallelism of the operator
     */
    StatefulFunctions open(MetricGroup metrics, int subtasks);

    /**
     * Called for every control record that changed what is known, those restored or read at the
     * start included, so that functions see the newest settings.
     *
     * @param json the record, as {@link io.webhookdb.schemas.control.ControlCodec} reads it
     */
    default void control(byte[] json) {}

    /**
     * Where a function type is served, when not in process. Asked before every call.
     *
     * @param typename {@code namespace/name}
     */
    default Optional<URI> endpoint(String typename) {
        return Optional.empty();
    }

    /**
     * What shares a limit of calls in flight, and so does not hold up others: the subscription an
     * address delivers to, for instance. The function type unless overridden.
     *
     * @param typename {@code namespace/name}
     * @param id id of the address
     */
    default String lane(String typename, String id) {
        return typename;
    }

    /**
     * How many invocations of a lane may be in flight on this subtask. Asked before every call.
     *
     * @param lane as {@link #lane}
     * @param usual the host's limit for a lane; more is not given
     */
    default int mostInFlight(String lane, int usual) {
        return usual;
    }

    /**
     * Whose an address is, as dead letters name it.
     *
     * @param typename {@code namespace/name}
     * @param id id of the address
     */
    default FunctionOwner owner(String typename, String id) {
        return FunctionOwner.UNKNOWN;
    }

    /** What posts to endpoints; the host's own client unless overridden, which calls any address. */
    default Optional<EndpointCaller> caller() {
        return Optional.empty();
    }

    /**
     * A message as an endpoint gets it.
     *
     * @param message as it was sent to the host
     */
    default Presented presented(Presented message) {
        return message;
    }

    /**
     * What becomes of a function's result, sent to {@link FunctionHostFactory#RESULT}: a record of
     * the main output. A message has at most one.
     *
     * @param message what it answers, as it was sent to the host
     * @param result what the function sent
     * @throws IllegalArgumentException if it is none; it becomes a dead letter with this text
     */
    default OutgoingRecord result(Presented message, Presented result) {
        throw new IllegalArgumentException("Functions here have no results");
    }

    /**
     * A typed value.
     *
     * @param type typename
     * @param payload as that type's serializer writes it
     */
    record Presented(String type, byte[] payload) {}

    /** Called once when the task ends, also when it fails. */
    default void close() {}
}

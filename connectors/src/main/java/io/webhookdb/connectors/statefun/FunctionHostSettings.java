package io.webhookdb.connectors.statefun;

import java.io.Serializable;
import java.time.Duration;
import java.util.List;

/**
 * Limits of a function host, per subtask.
 *
 * @param topics Kafka topics that functions may send to. The first is the main output, the others
 *     are the side outputs {@link FunctionHostFactory#egress}
 * @param threads threads that run functions in process
 * @param mostInFlight invocations in flight
 * @param mostInFlightPerLane invocations in flight of one {@link FunctionModule#lane lane}
 * @param mostInFlightBytes bytes of requests in flight
 * @param slow age of an invocation from which its lane counts as slow; slow lanes share half of
 *     mostInFlight
 * @param mostBatchMessages messages in an invocation
 * @param mostBatchBytes bytes of messages in an invocation
 * @param mostAnswerBytes bytes of an endpoint's answer
 * @param mostPendingPerAddress messages waiting for one address; more become dead letters
 * @param mostDelayedPerAddress delayed messages of one address; more become dead letters
 * @param mostWaitingPerLane addresses of a lane kept in heap until it is their turn; more wait in
 *     state
 * @param mostWaiting the same of all lanes
 * @param callTimeout longest wait for an answer
 * @param firstRetry wait after the first failure; doubles
 * @param longestRetry longest wait between attempts
 * @param mostAttempts failures of the function itself after which a message becomes a dead letter;
 *     an endpoint that cannot be reached is tried for ever
 */
public record FunctionHostSettings(
        List<String> topics,
        int threads,
        int mostInFlight,
        int mostInFlightPerLane,
        long mostInFlightBytes,
        Duration slow,
        int mostBatchMessages,
        int mostBatchBytes,
        int mostAnswerBytes,
        int mostPendingPerAddress,
        int mostDelayedPerAddress,
        int mostWaitingPerLane,
        int mostWaiting,
        Duration callTimeout,
        Duration firstRetry,
        Duration longestRetry,
        int mostAttempts)
        implements Serializable {

    /**
     * What production uses.
     *
     * @param topics see {@link #topics()}
     */
    public static FunctionHostSettings standard(List<String> topics) {
        return new FunctionHostSettings(
                List.copyOf(topics),
                4,
                512,
                32,
                64L << 20,
                Duration.ofSeconds(1),
                100,
                1 << 20,
                4 << 20,
                100_000,
                1_000,
                1_000,
                50_000,
                Duration.ofSeconds(60),
                Duration.ofMillis(500),
                Duration.ofSeconds(30),
                10);
    }

    /** The same with one message an invocation, so that a result belongs to one message. */
    public FunctionHostSettings oneByOne() {
        return new FunctionHostSettings(
                topics,
                threads,
                mostInFlight,
                mostInFlightPerLane,
                mostInFlightBytes,
                slow,
                1,
                mostBatchBytes,
                mostAnswerBytes,
                mostPendingPerAddress,
                mostDelayedPerAddress,
                mostWaitingPerLane,
                mostWaiting,
                callTimeout,
                firstRetry,
                longestRetry,
                mostAttempts);
    }
}

package io.webhookdb.connectors.statefun;

import io.webhookdb.connectors.statefun.CallFailure.Kind;
import io.webhookdb.connectors.statefun.CallScheduler.Standing;
import java.util.concurrent.TimeUnit;
import org.apache.flink.statefun.sdk.reqreply.generated.FromFunction;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Decides what becomes of a call that came back; its address is the current key. */
final class CallEnds {
    private static final Logger LOGGER = LoggerFactory.getLogger(CallEnds.class);

    private final FunctionHostSettings settings;
    private final AddressState state;
    private final ValueSpecs specs;
    private final CallScheduler scheduler;
    private final Settlement settlement;
    private final HostOutput output;
    private final HostMetrics counts;

    /** What is to be done with a call. */
    enum Next {
        /** Once more, with the values that its function misses. */
        CALL_AGAIN,
        NOTHING
    }

    CallEnds(
            FunctionHostSettings settings,
            AddressState state,
            ValueSpecs specs,
            CallScheduler scheduler,
            Settlement settlement,
            HostOutput output,
            HostMetrics counts) {
        this.settings = settings;
        this.state = state;
        this.specs = specs;
        this.scheduler = scheduler;
        this.settlement = settlement;
        this.output = output;
        this.counts = counts;
    }

    Next answered(Call call, FromFunction answer) throws Exception {
        switch (answer.getResponseCase()) {
            case INVOCATION_RESULT -> {
                boolean hasMore = settlement.settle(call, answer.getInvocationResult());
                counts.settled.inc(call.messages().size());
                counts.called(now() - call.startedAt());
                ended(call, hasMore);
            }
            case INCOMPLETE_INVOCATION_CONTEXT -> {
                if (specs.learn(
                        call.address().typename(),
                        answer.getIncompleteInvocationContext().getMissingValuesList())) {
                    return Next.CALL_AGAIN;
                }
                failed(call, "It misses values that it was given");
            }
            default -> failed(call, "Empty answer, expected a result or missing values");
        }
        return Next.NOTHING;
    }

    private void failed(Call call, String why) throws Exception {
        failed(call, new CallFailure(Kind.FUNCTION, why));
    }

    /** Keeps the messages, to try them again; gives one up that the function fails on too often. */
    void failed(Call call, CallFailure failure) throws Exception {
        counts.failures.inc();
        FunctionAddress address = call.address();
        long now = now();
        if (call.endpoint() != null && failure.kind() != Kind.FUNCTION) {
            if (scheduler.laneFailed(address.text(), now) == 1) {
                LOGGER.warn(
                        "Endpoint of {} does not answer, messages wait: {}",
                        address.typename(),
                        failure.message());
            }
            return;
        }
        state.waiting().failed(call.messages().size());
        int failures = state.waiting().backlog().failures();
        LOGGER.debug("Function {}: {}", address.typename(), failure.message());
        // Failures are counted of single messages only: only they say which it is.
        if (failures < settings.mostAttempts()) {
            scheduler.failed(address.text(), failures, now);
            return;
        }
        output.dead(address, failure.message(), failures);
        ended(call, state.waiting().settle(1).size() > 0);
    }

    private void ended(Call call, boolean hasMore) {
        scheduler.ended(call.address().text(), hasMore ? Standing.HAS_MORE : Standing.DONE, now());
    }

    /** A clock that nobody sets back; unrelated to the time of day. */
    static long now() {
        return TimeUnit.NANOSECONDS.toMillis(System.nanoTime());
    }
}

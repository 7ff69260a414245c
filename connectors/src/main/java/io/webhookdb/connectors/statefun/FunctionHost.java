package io.webhookdb.connectors.statefun;

import io.webhookdb.connectors.control.BroadcastControl;
import io.webhookdb.connectors.control.ControlBootstrap;
import io.webhookdb.connectors.kafka.DeadLetters;
import io.webhookdb.connectors.kafka.OutgoingRecord;
import io.webhookdb.connectors.statefun.CallFailure.Kind;
import io.webhookdb.connectors.statefun.CallScheduler.Standing;
import io.webhookdb.connectors.statefun.CallScheduler.Start;
import io.webhookdb.connectors.statefun.FunctionModule.Presented;
import io.webhookdb.connectors.statefun.InvocationResult.Cancel;
import io.webhookdb.connectors.statefun.InvocationResult.Delay;
import io.webhookdb.connectors.statefun.InvocationResult.Egress;
import io.webhookdb.connectors.statefun.InvocationResult.Later;
import io.webhookdb.schemas.deadletter.DeadLetter;
import java.net.URI;
import java.time.Duration;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.apache.flink.api.common.operators.MailboxExecutor;
import org.apache.flink.api.common.state.BroadcastState;
import org.apache.flink.runtime.state.StateInitializationContext;
import org.apache.flink.runtime.state.VoidNamespace;
import org.apache.flink.runtime.state.VoidNamespaceSerializer;
import org.apache.flink.statefun.sdk.reqreply.generated.FromFunction;
import org.apache.flink.statefun.sdk.reqreply.generated.FromFunction.InvocationResponse;
import org.apache.flink.statefun.sdk.reqreply.generated.FromFunction.PersistedValueMutation;
import org.apache.flink.statefun.sdk.reqreply.generated.FromFunction.PersistedValueMutation.MutationType;
import org.apache.flink.statefun.sdk.reqreply.generated.ToFunction;
import org.apache.flink.streaming.api.operators.AbstractStreamOperator;
import org.apache.flink.streaming.api.operators.InternalTimer;
import org.apache.flink.streaming.api.operators.InternalTimerService;
import org.apache.flink.streaming.api.operators.StreamOperatorParameters;
import org.apache.flink.streaming.api.operators.Triggerable;
import org.apache.flink.streaming.api.operators.TwoInputStreamOperator;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;
import org.apache.flink.util.function.ThrowingRunnable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs StateFun functions, each address on one key.
 *
 * <p>A message goes to keyed state first and leaves it when a call that held it is answered: in the
 * same mail in which the answer's values, delayed messages and egress records take effect. So a
 * checkpoint at any time holds what is not settled, and a restart calls again; a function sees a
 * message at least once, its effects count once.
 *
 * <p>Only workers run functions or talk to endpoints; only the task thread touches state, the
 * scheduler and the output. Nothing that a function does fails the job or slows the input down.
 */
final class FunctionHost extends AbstractStreamOperator<OutgoingRecord>
        implements TwoInputStreamOperator<FunctionMessage, byte[], OutgoingRecord>,
                Triggerable<String, VoidNamespace> {
    private static final long serialVersionUID = 1L;
    private static final Logger LOGGER = LoggerFactory.getLogger(FunctionHost.class);
    private static final String TIMERS = "function-timers";
    private static final long POLL_NANOS = TimeUnit.MICROSECONDS.toNanos(200);

    private final FunctionModule module;
    private final FunctionHostSettings settings;
    private final ControlBootstrap bootstrap;
    private final transient MailboxExecutor mailbox;

    private transient BroadcastControl control;
    private transient BroadcastState<String, byte[]> controlState;
    private transient AddressState state;
    private transient InternalTimerService<VoidNamespace> timers;
    private transient ValueSpecs specs;
    private transient CallScheduler scheduler;
    private transient FunctionCalls calls;
    private transient HostMetrics counts;
    private transient long wakeupAt;

    /**
     * A call in flight.
     *
     * @param address whose
     * @param messages how many of its oldest messages
     * @param endpoint where; null in process
     * @param startedAt by {@link #now}
     */
    private record Call(FunctionAddress address, int messages, URI endpoint, long startedAt) {}

    FunctionHost(
            StreamOperatorParameters<OutgoingRecord> parameters,
            FunctionModule module,
            FunctionHostSettings settings,
            ControlBootstrap bootstrap) {
        super(parameters);
        this.module = module;
        this.settings = settings;
        this.bootstrap = bootstrap;
        this.mailbox = parameters.getMailboxExecutor();
    }

    @Override
    public void initializeState(StateInitializationContext context) throws Exception {
        super.initializeState(context);
        controlState = getOperatorStateBackend().getBroadcastState(BroadcastControl.STATE);
        control = BroadcastControl.over(controlState);
        if (!context.isRestored()) {
            for (byte[] json : bootstrap.read()) {
                control.apply(json);
            }
        }
        state = new AddressState(context.getKeyedStateStore());
    }

    @Override
    public void open() throws Exception {
        super.open();
        wakeupAt = Long.MAX_VALUE;
        specs = new ValueSpecs();
        scheduler = new CallScheduler(settings, module::mostInFlight);
        counts = new HostMetrics(getMetricGroup());
        HostMetrics.gauge(getMetricGroup(), "callsInFlight", scheduler::inFlight);
        HostMetrics.gauge(getMetricGroup(), "addressesInHeap", scheduler::inHeap);
        timers = getInternalTimerService(TIMERS, VoidNamespaceSerializer.INSTANCE, this);
        calls =
                new FunctionCalls(
                        module.open(
                                getMetricGroup(),
                                getRuntimeContext()
                                        .getTaskInfo()
                                        .getNumberOfParallelSubtasks()),
                        settings,
                        module.caller(),
                        "functions-" + getRuntimeContext().getTaskInfo().getIndexOfThisSubtask());
        for (Map.Entry<String, byte[]> record : controlState.immutableEntries()) {
            module.control(record.getValue());
        }
        scheduler.mayHaveMissed();
        pump();
    }

    @Override
    public void processElement1(StreamRecord<FunctionMessage> element) throws Exception {
        FunctionMessage message = element.getValue();
        counts.received.inc();
        FunctionAddress address = FunctionAddress.of((String) getCurrentKey());
        enqueue(address, new PendingMessage(message.payloadType(), message.payload(), false));
        offer(address, now());
        pump();
    }

    @Override
    public void processElement2(StreamRecord<byte[]> element) throws Exception {
        if (control.apply(element.getValue()).isPresent()) {
            module.control(element.getValue());
        }
    }

    @Override
    public void onEventTime(InternalTimer<String, VoidNamespace> timer) {
        throw new IllegalStateException("The function host sets no timers of event time");
    }

    @Override
    public void onProcessingTime(InternalTimer<String, VoidNamespace> timer) throws Exception {
        FunctionAddress address = FunctionAddress.of(timer.getKey());
        long time = timers.currentProcessingTime();
        for (DelayedMessage delayed : state.takeDue(time)) {
            enqueue(address, delayed.due());
            offer(address, now());
        }
        long next = state.sweep(time);
        if (next != Long.MAX_VALUE) {
            timers.registerProcessingTimeTimer(VoidNamespace.INSTANCE, next);
        }
        pump();
    }

    /**
     * Calls functions for every message before the end of the input. Delayed messages that are not
     * due stay in state.
     *
     * @throws IllegalStateException if messages remain: ending without them would lose them
     */
    @Override
    public void finish() throws Exception {
        long deadline = System.nanoTime() + settings.callTimeout().toNanos();
        while (!scheduler.isIdle()) {
            if (System.nanoTime() > deadline) {
                throw new IllegalStateException(
                        "Functions did not take all messages within "
                                + settings.callTimeout()
                                + ". Stop with a savepoint, without drain, to keep them.");
            }
            pump();
            if (!mailbox.tryYield()) {
                LockSupport.parkNanos(POLL_NANOS);
            }
        }
        super.finish();
    }

    @Override
    public void close() throws Exception {
        if (calls != null) {
            calls.close();
            module.close();
        }
        super.close();
    }

    private void enqueue(FunctionAddress address, PendingMessage message) throws Exception {
        if (state.backlog().size() >= settings.mostPendingPerAddress()) {
            refuse(
                    address,
                    "More than " + settings.mostPendingPerAddress() + " messages wait for it");
            return;
        }
        state.append(message);
    }

    private void offer(FunctionAddress address, long now) {
        scheduler.offer(address.text(), module.lane(address.typename(), address.id()), now);
    }

    /** Starts the calls that may start, and has itself called when more may. */
    private void pump() throws Exception {
        long now = now();
        if (scheduler.wantsRefill(now)) {
            refill(now);
        }
        Optional<Start> next = scheduler.next(now);
        while (next.isPresent()) {
            start(FunctionAddress.of(next.get().address()), now);
            next = scheduler.next(now);
        }
        long wakeup = scheduler.nextWakeup();
        if (wakeup < wakeupAt) {
            wakeupAt = wakeup;
            long time = getProcessingTimeService().getCurrentProcessingTime();
            getProcessingTimeService()
                    .registerTimer(time + Math.max(1, wakeup - now), ignored -> wake());
        }
    }

    private void wake() throws Exception {
        wakeupAt = Long.MAX_VALUE;
        pump();
    }

    /** Looks in state for addresses that did not fit into heap. */
    private void refill(long now) throws Exception {
        long start = System.nanoTime();
        scheduler.refilling();
        try (Stream<String> keys =
                this.<String>getKeyedStateBackend()
                        .getKeys(AddressState.BACKLOG.getName(), VoidNamespace.INSTANCE)) {
            Iterator<String> all = keys.iterator();
            while (all.hasNext() && !scheduler.isFull()) {
                offer(FunctionAddress.of(all.next()), now);
            }
            if (all.hasNext()) {
                scheduler.mayHaveMissed();
            }
        }
        scheduler.refilled(Duration.ofNanos(System.nanoTime() - start), now());
    }

    private void start(FunctionAddress address, long now) throws Exception {
        setCurrentKey(address.text());
        Backlog backlog = state.backlog();
        List<PendingMessage> messages =
                state.oldest(
                        backlog,
                        backlog.isOldestAlone() ? 1 : settings.mostBatchMessages(),
                        settings.mostBatchBytes());
        if (messages.isEmpty()) {
            scheduler.ended(address.text(), Standing.DONE, now);
            return;
        }
        URI endpoint = module.endpoint(address.typename()).orElse(null);
        call(new Call(address, messages.size(), endpoint, now), messages);
    }

    /** The current key is the call's address. */
    private void call(Call call, List<PendingMessage> messages) throws Exception {
        Map<String, Optional<StoredValue>> values = new LinkedHashMap<>();
        long time = timers.currentProcessingTime();
        List<String> names = specs.names(call.address().typename());
        if (!names.isEmpty()) {
            Map<String, StoredValue> stored = state.values(time);
            names.forEach(name -> values.put(name, Optional.ofNullable(stored.get(name))));
        }
        ToFunction request =
                Protocol.request(
                        call.address(),
                        call.endpoint() == null ? messages : presented(messages),
                        values);
        scheduler.sized(call.address().text(), request.getSerializedSize());
        CompletableFuture<FromFunction> answer =
                call.endpoint() == null
                        ? calls.inProcess(call.address().typename(), request)
                        : calls.remote(call.endpoint(), request);
        answer.whenComplete(
                (result, failure) ->
                        mail(
                                () -> {
                                    if (failure == null) {
                                        answered(call, result);
                                    } else {
                                        failed(call, CallFailure.of(failure));
                                    }
                                    pump();
                                }));
    }

    private List<PendingMessage> presented(List<PendingMessage> messages) {
        return messages.stream()
                .map(
                        message -> {
                            Presented shown =
                                    module.presented(
                                            new Presented(
                                                    message.payloadType(), message.payload()));
                            return new PendingMessage(
                                    shown.type(), shown.payload(), message.fromItself());
                        })
                .toList();
    }

    private void mail(ThrowingRunnable<Exception> mail) {
        try {
            mailbox.execute(mail, "function answered");
        } catch (RejectedExecutionException e) {
            // The task is over. The messages of this call are in state and will be sent again.
            return;
        }
    }

    private void answered(Call call, FromFunction answer) throws Exception {
        FunctionAddress address = call.address();
        setCurrentKey(address.text());
        switch (answer.getResponseCase()) {
            case INVOCATION_RESULT -> settle(call, answer.getInvocationResult());
            case INCOMPLETE_INVOCATION_CONTEXT -> {
                if (specs.learn(
                        address.typename(),
                        answer.getIncompleteInvocationContext().getMissingValuesList())) {
                    call(call, state.oldest(state.backlog(), call.messages(), Integer.MAX_VALUE));
                } else {
                    failed(
                            call,
                            new CallFailure(Kind.FUNCTION, "It misses values that it was given"));
                }
            }
            default ->
                    failed(
                            call,
                            new CallFailure(
                                    Kind.FUNCTION,
                                    "Empty answer, expected a result or missing values"));
        }
    }

    private void settle(Call call, InvocationResponse answer) throws Exception {
        FunctionAddress address = call.address();
        long time = timers.currentProcessingTime();
        InvocationResult result = InvocationResult.of(address, answer, settings.topics(), time);
        if (!result.results().isEmpty()) {
            emitResult(call, result.results());
        }
        Backlog left = state.settle(call.messages());
        store(address, answer.getStateMutationsList(), time);
        for (PendingMessage message : result.toItself()) {
            enqueue(address, message);
        }
        for (Later later : result.later()) {
            apply(address, later);
        }
        for (Egress egress : result.egress()) {
            emit(egress);
        }
        for (String why : result.refused()) {
            refuse(address, why);
        }
        counts.settled.inc(call.messages());
        long now = now();
        counts.called(now - call.startedAt());
        boolean hasMore = left.size() > 0 || !result.toItself().isEmpty();
        scheduler.ended(address.text(), hasMore ? Standing.HAS_MORE : Standing.DONE, now);
    }

    private void store(FunctionAddress address, List<PersistedValueMutation> mutations, long time)
            throws Exception {
        String type = address.typename();
        boolean renews =
                specs.names(type).stream().anyMatch(name -> specs.isKeptByCalls(type, name));
        if (mutations.isEmpty() && !renews) {
            return;
        }
        Map<String, StoredValue> values = state.values(time);
        if (renews) {
            values.replaceAll(
                    (name, value) ->
                            specs.isKeptByCalls(type, name)
                                    ? new StoredValue(
                                            value.type(),
                                            value.value(),
                                            specs.expiryOfWritten(type, name, time))
                                    : value);
        }
        for (PersistedValueMutation mutation : mutations) {
            String name = mutation.getStateName();
            if (mutation.getMutationType() == MutationType.DELETE) {
                values.remove(name);
            } else {
                values.put(
                        name,
                        new StoredValue(
                                mutation.getStateValue().getTypename(),
                                mutation.getStateValue().getValue().toByteArray(),
                                specs.expiryOfWritten(type, name, time)));
            }
        }
        state.update(values);
        long expiresAt = Long.MAX_VALUE;
        for (StoredValue value : values.values()) {
            expiresAt = Math.min(expiresAt, value.expiresAt());
        }
        if (expiresAt != Long.MAX_VALUE && state.sweepAt(expiresAt)) {
            timers.registerProcessingTimeTimer(VoidNamespace.INSTANCE, expiresAt);
        }
    }

    private void apply(FunctionAddress address, Later later) throws Exception {
        if (later instanceof Cancel cancel) {
            state.cancel(cancel.token());
        } else if (later instanceof Delay delay) {
            if (state.delayed() >= settings.mostDelayedPerAddress()) {
                refuse(
                        address,
                        "More than " + settings.mostDelayedPerAddress() + " delayed messages");
                return;
            }
            state.delay(delay.message());
            timers.registerProcessingTimeTimer(VoidNamespace.INSTANCE, delay.message().dueAt());
        }
    }

    /** The call's messages are still in state: the result is told apart by what it answers. */
    private void emitResult(Call call, List<Presented> results) throws Exception {
        List<PendingMessage> answered =
                state.oldest(state.backlog(), call.messages(), Integer.MAX_VALUE);
        if (results.size() > 1 || answered.size() != 1) {
            refuse(
                    call.address(),
                    results.size() + " results of " + answered.size() + " messages, expected one");
            return;
        }
        Presented message =
                new Presented(answered.get(0).payloadType(), answered.get(0).payload());
        try {
            output.collect(new StreamRecord<>(module.result(message, results.get(0))));
            counts.egress.inc();
        } catch (IllegalArgumentException e) {
            refuse(call.address(), e.getMessage());
        }
    }

    private void emit(Egress egress) {
        counts.egress.inc();
        StreamRecord<OutgoingRecord> record = new StreamRecord<>(egress.record());
        if (egress.topic().equals(settings.topics().get(0))) {
            output.collect(record);
        } else {
            output.collect(FunctionHostFactory.egress(egress.topic()), record);
        }
    }

    /** Keeps the messages, to try them again; gives one up that the function fails on too often. */
    private void failed(Call call, CallFailure failure) throws Exception {
        counts.failures.inc();
        FunctionAddress address = call.address();
        setCurrentKey(address.text());
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
        state.failed(call.messages());
        int failures = state.backlog().failures();
        LOGGER.debug("Function {}: {}", address.typename(), failure.message());
        // Failures are counted of single messages only: only they say which it is.
        if (failures < settings.mostAttempts()) {
            scheduler.failed(address.text(), failures, now);
            return;
        }
        counts.dead.inc();
        bury(address, DeadLetter.Reason.FUNCTION_FAILED, failure.message(), failures);
        boolean hasMore = state.settle(1).size() > 0;
        scheduler.ended(address.text(), hasMore ? Standing.HAS_MORE : Standing.DONE, now);
    }

    private void refuse(FunctionAddress address, String why) {
        counts.refused.inc();
        bury(address, DeadLetter.Reason.FUNCTION_MESSAGE_REFUSED, why, 1);
    }

    private void bury(FunctionAddress address, DeadLetter.Reason reason, String why, int attempts) {
        FunctionOwner owner = module.owner(address.typename(), address.id());
        output.collect(
                DeadLetters.TAG,
                new StreamRecord<>(
                        DeadLetters.encoded(
                                new DeadLetter(
                                        "",
                                        -1,
                                        -1,
                                        "",
                                        owner.organization(),
                                        owner.integration(),
                                        null,
                                        reason,
                                        "Function " + address.text() + ": " + why,
                                        null,
                                        attempts,
                                        DeadLetters.nowMicros()))));
    }

    /** A clock that nobody sets back; unrelated to the time of day. */
    private static long now() {
        return TimeUnit.NANOSECONDS.toMillis(System.nanoTime());
    }
}

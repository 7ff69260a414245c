package io.webhookdb.connectors.statefun;

import io.webhookdb.connectors.control.ControlBootstrap;
import io.webhookdb.connectors.kafka.OutgoingRecord;
import io.webhookdb.connectors.statefun.CallEnds.Next;
import io.webhookdb.connectors.statefun.CallScheduler.Standing;
import io.webhookdb.connectors.statefun.CallScheduler.Start;
import java.net.URI;
import java.time.Duration;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.apache.flink.api.common.operators.MailboxExecutor;
import org.apache.flink.api.common.state.KeyedStateStore;
import org.apache.flink.runtime.state.StateInitializationContext;
import org.apache.flink.runtime.state.StateSnapshotContext;
import org.apache.flink.runtime.state.VoidNamespace;
import org.apache.flink.runtime.state.VoidNamespaceSerializer;
import org.apache.flink.statefun.sdk.reqreply.generated.FromFunction;
import org.apache.flink.statefun.sdk.reqreply.generated.ToFunction;
import org.apache.flink.streaming.api.operators.AbstractStreamOperator;
import org.apache.flink.streaming.api.operators.InternalTimer;
import org.apache.flink.streaming.api.operators.InternalTimerService;
import org.apache.flink.streaming.api.operators.StreamOperatorParameters;
import org.apache.flink.streaming.api.operators.Triggerable;
import org.apache.flink.streaming.api.operators.TwoInputStreamOperator;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;

/**
 * Runs StateFun functions, each address on one key.
 *
 * <p>A message waits until a call that held it is answered: it is forgotten in the same mail in
 * which the answer's values, delayed messages and egress records take effect. A checkpoint holds
 * what is not settled then, and a restart calls again; a function sees a message at least once, its
 * effects count once.
 *
 * <p>Only workers run functions or talk to endpoints; only the task thread touches state, the
 * scheduler and the output. Nothing that a function does fails the job or slows the input down.
 */
final class FunctionHost extends AbstractStreamOperator<OutgoingRecord>
        implements TwoInputStreamOperator<FunctionMessage, byte[], OutgoingRecord>,
                Triggerable<String, VoidNamespace> {
    private static final long serialVersionUID = 1L;
    private static final String TIMERS = "function-timers";
    private static final long POLL_NANOS = TimeUnit.MICROSECONDS.toNanos(200);

    private final FunctionModule module;
    private final FunctionHostSettings settings;
    private final ControlBootstrap bootstrap;
    private final transient MailboxExecutor mailbox;

    private transient HostControl control;
    private transient AddressState state;
    private transient InternalTimerService<VoidNamespace> timers;
    private transient ValueSpecs specs;
    private transient CallScheduler scheduler;
    private transient FunctionCalls calls;
    private transient HostMetrics counts;
    private transient Settlement settlement;
    private transient CallEnds ends;
    private transient TaskThread thread;

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
        control = new HostControl(module, context.getOperatorStateStore(), bootstrap);
        KeyedStateStore store = context.getKeyedStateStore();
        state =
                new AddressState(
                        store,
                        context.isRestored()
                                ? WaitingMessages.restored(store)
                                : WaitingMessages.none(store));
    }

    @Override
    public void open() throws Exception {
        super.open();
        thread = new TaskThread(mailbox, getProcessingTimeService());
        specs = new ValueSpecs();
        scheduler = new CallScheduler(settings, module::mostInFlight);
        state.waiting().mayHold(scheduler::isInHeap);
        counts = new HostMetrics(getMetricGroup());
        HostMetrics.gauge(getMetricGroup(), "callsInFlight", scheduler::inFlight);
        HostMetrics.gauge(getMetricGroup(), "addressesInHeap", scheduler::inHeap);
        HostMetrics.gauge(getMetricGroup(), "addressesNotInState", state.waiting()::held);
        timers = getInternalTimerService(TIMERS, VoidNamespaceSerializer.INSTANCE, this);
        HostOutput results = new HostOutput(output, module, settings, counts);
        settlement = new Settlement(state, specs, timers, results, settings);
        ends = new CallEnds(settings, state, specs, scheduler, settlement, results, counts);
        calls =
                new FunctionCalls(
                        module.open(
                                getMetricGroup(),
                                getRuntimeContext().getTaskInfo().getNumberOfParallelSubtasks()),
                        settings,
                        module.caller(),
                        "functions-" + getRuntimeContext().getTaskInfo().getIndexOfThisSubtask());
        control.tellAll();
        scheduler.mayHaveMissed();
        pump();
    }

    @Override
    public void processElement1(StreamRecord<FunctionMessage> element) throws Exception {
        FunctionMessage message = element.getValue();
        counts.received.inc();
        String key = (String) getCurrentKey();
        FunctionAddress address = FunctionAddress.of(key);
        state.at(key);
        // First: what is to be called soon needs not be written.
        offer(address, CallEnds.now());
        settlement.enqueue(
                address, new PendingMessage(message.payloadType(), message.payload(), false));
        pump();
    }

    @Override
    public void processElement2(StreamRecord<byte[]> element) throws Exception {
        control.apply(element.getValue());
    }

    @Override
    public void snapshotState(StateSnapshotContext context) throws Exception {
        super.snapshotState(context);
        state.waiting().keep(this::setCurrentKey);
    }

    @Override
    public void onEventTime(InternalTimer<String, VoidNamespace> timer) {
        throw new IllegalStateException("The function host sets no timers of event time");
    }

    @Override
    public void onProcessingTime(InternalTimer<String, VoidNamespace> timer) throws Exception {
        FunctionAddress address = FunctionAddress.of(timer.getKey());
        state.at(timer.getKey());
        long time = timers.currentProcessingTime();
        for (DelayedMessage delayed : state.takeDue(time)) {
            offer(address, CallEnds.now());
            settlement.enqueue(address, delayed.due());
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
            if (!thread.yields()) {
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

    private void goTo(FunctionAddress address) {
        String key = address.text();
        setCurrentKey(key);
        state.at(key);
    }

    private void offer(FunctionAddress address, long now) {
        scheduler.offer(address.text(), module.lane(address.typename(), address.id()), now);
    }

    /** Starts the calls that may start, and has itself called when more may. */
    private void pump() throws Exception {
        long now = CallEnds.now();
        if (scheduler.wantsRefill(now)) {
            refill(now);
        }
        Optional<Start> next = scheduler.next(now);
        while (next.isPresent()) {
            start(FunctionAddress.of(next.get().address()), now);
            next = scheduler.next(now);
        }
        thread.wake(scheduler.nextWakeup(), now, this::pump);
    }

    /** Looks in state for addresses that did not fit into heap. */
    private void refill(long now) throws Exception {
        long start = System.nanoTime();
        scheduler.refilling();
        long found = 0;
        try (Stream<String> keys =
                this.<String>getKeyedStateBackend()
                        .getKeys(WaitingMessages.BACKLOG.getName(), VoidNamespace.INSTANCE)) {
            Iterator<String> all = keys.iterator();
            while (all.hasNext() && !scheduler.isFull()) {
                offer(FunctionAddress.of(all.next()), now);
                found++;
            }
            if (all.hasNext()) {
                scheduler.mayHaveMissed();
            } else {
                state.waiting().counted(found);
            }
        }
        scheduler.refilled(Duration.ofNanos(System.nanoTime() - start), CallEnds.now());
    }

    private void start(FunctionAddress address, long now) throws Exception {
        goTo(address);
        List<PendingMessage> messages = state.waiting().next(settings);
        if (messages.isEmpty()) {
            scheduler.ended(address.text(), Standing.DONE, now);
            return;
        }
        URI endpoint = module.endpoint(address.typename()).orElse(null);
        call(new Call(address, messages, Map.of(), endpoint, now));
    }

    /** The current key is the call's address. */
    private void call(Call call) throws Exception {
        FunctionAddress address = call.address();
        List<String> names = specs.names(address.typename());
        Call complete =
                names.isEmpty() ? call : call.with(state.values(timers.currentProcessingTime()));
        ToFunction request =
                Protocol.request(address, call.presentedBy(module), names, complete.stored());
        scheduler.sized(address.text(), request.getSerializedSize());
        CompletableFuture<FromFunction> answer =
                call.endpoint() == null
                        ? calls.inProcess(address.typename(), request)
                        : calls.remote(call.endpoint(), request);
        answer.whenComplete(
                (result, failure) -> thread.execute(() -> returned(complete, result, failure)));
    }

    private void returned(Call call, FromFunction answer, Throwable failure) throws Exception {
        if (failure != null && call.endpoint() != null) {
            // Its lane may now be left to state.
            state.waiting().keep(this::setCurrentKey);
        }
        goTo(call.address());
        if (failure != null) {
            ends.failed(call, CallFailure.of(failure));
        } else if (ends.answered(call, answer) == Next.CALL_AGAIN) {
            call(call);
        }
        pump();
    }
}

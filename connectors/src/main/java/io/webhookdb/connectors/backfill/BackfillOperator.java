package io.webhookdb.connectors.backfill;

import io.webhookdb.connectors.backfill.PageWork.Item;
import io.webhookdb.connectors.backfill.PageWork.Ready;
import io.webhookdb.connectors.control.BroadcastControl;
import io.webhookdb.connectors.kafka.IncomingEvent;
import io.webhookdb.connectors.kafka.OutgoingRecord;
import io.webhookdb.schemas.Topics;
import io.webhookdb.schemas.control.BackfillControl;
import io.webhookdb.schemas.control.ControlRecord;
import io.webhookdb.schemas.control.ControlRecord.State;
import io.webhookdb.schemas.control.DefinitionControl;
import io.webhookdb.schemas.control.IntegrationControl;
import io.webhookdb.schemas.event.Event;
import io.webhookdb.schemas.event.EventIds;
import io.webhookdb.schemas.event.Origin;
import io.webhookdb.schemas.fetch.FetchOrder;
import io.webhookdb.security.keyset.KeysetFolder;
import io.webhookdb.security.keyset.SecretOpener;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.RejectedExecutionException;
import java.util.stream.Stream;
import org.apache.flink.api.common.TaskInfo;
import org.apache.flink.api.common.operators.MailboxExecutor;
import org.apache.flink.metrics.Counter;
import org.apache.flink.metrics.Gauge;
import org.apache.flink.runtime.state.KeyGroupRangeAssignment;
import org.apache.flink.runtime.state.StateInitializationContext;
import org.apache.flink.runtime.state.VoidNamespace;
import org.apache.flink.streaming.api.operators.AbstractStreamOperator;
import org.apache.flink.streaming.api.operators.StreamOperatorParameters;
import org.apache.flink.streaming.api.operators.TwoInputStreamOperator;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;
import org.apache.flink.util.function.ThrowingRunnable;

/**
 * Fetches what vendors' APIs list.
 *
 * <p>Second input: control records, broadcast. Every subtask sees every order and takes those of
 * the accounts whose key group it has. Orders, cursors, schedules and limits are keyed state of the
 * account. A page goes into the log and its cursor into state in one mail, so that one checkpoint
 * has both or neither: a restart asks for the pages since the last checkpoint again and misses
 * none. Requests are asynchronous; what is blocking or long runs on threads of its own, and each
 * end is a mail to the task thread, which alone touches state.
 */
final class BackfillOperator extends AbstractStreamOperator<IncomingEvent>
        implements TwoInputStreamOperator<byte[], byte[], IncomingEvent>, Host {
    private static final long serialVersionUID = 1L;

    private final BackfillSettings settings;
    private final String keysets;
    private final transient MailboxExecutor mailbox;

    private transient BroadcastControl control;
    private transient BackfillDirectory directory;
    private transient BackfillState state;
    private transient RunKeeper runs;
    private transient Map<String, Account> accounts;
    private transient Map<String, String> accountOf;
    private transient Set<String> waiting;
    private transient Map<Long, Long> letOutAt;
    private transient int onTheWay;
    private transient EventIds ids;
    private transient VendorClient client;
    private transient BackfillWorkers workers;
    private transient Counter itemsFetched;
    private transient Counter pagesFetched;
    private transient Counter requestsFailed;

    BackfillOperator(
            StreamOperatorParameters<IncomingEvent> parameters,
            BackfillSettings settings,
            String keysets) {
        super(parameters);
        this.settings = settings;
        this.keysets = keysets;
        this.mailbox = parameters.getMailboxExecutor();
    }

    @Override
    public void initializeState(StateInitializationContext initialization) throws Exception {
        super.initializeState(initialization);
        SecretOpener opener = KeysetFolder.open(Path.of(keysets)).connectionsOpener();
        control =
                BroadcastControl.over(
                        getOperatorStateBackend().getBroadcastState(BroadcastControl.STATE));
        directory = new BackfillDirectory(control.directory(), settings.apiBases(), opener);
        state = new BackfillState(initialization.getKeyedStateStore());
        runs = new RunKeeper(settings, directory, state, this, new TableRows(opener));
    }

    @Override
    public void open() throws Exception {
        super.open();
        accounts = new HashMap<>();
        accountOf = new HashMap<>();
        waiting = new LinkedHashSet<>();
        letOutAt = new HashMap<>();
        ids = new EventIds();
        client = new VendorClient(settings);
        workers =
                new BackfillWorkers(
                        "backfill-" + getRuntimeContext().getTaskInfo().getIndexOfThisSubtask());
        itemsFetched = getMetricGroup().counter("itemsFetched");
        pagesFetched = getMetricGroup().counter("pagesFetched");
        requestsFailed = getMetricGroup().counter("requestsFailed");
        getMetricGroup().gauge("requestsOnTheWay", (Gauge<Integer>) () -> onTheWay);
        for (String key : restored()) {
            account(key);
        }
        for (IntegrationControl integration : directory.fetchable()) {
            place(integration);
        }
        for (Account account : List.copyOf(accounts.values())) {
            pump(account);
        }
    }

    private Set<String> restored() {
        Set<String> keys = new LinkedHashSet<>();
        for (String name : List.of(BackfillState.RUNS, BackfillState.INTEGRATIONS)) {
            try (Stream<Object> found =
                    this.<Object>getKeyedStateBackend().getKeys(name, VoidNamespace.INSTANCE)) {
                found.forEach(key -> keys.add((String) key));
            }
        }
        return keys;
    }

    @Override
    public void processElement1(StreamRecord<byte[]> element) throws Exception {
        FetchOrder order = FetchOrder.decode(element.getValue());
        // The current key is the integration: what it fetches one by one has limits of its own.
        Account account = account(order.integration());
        setCurrentKey(account.key);
        runs.fetch(account, order);
        pump(account);
    }

    @Override
    public void processElement2(StreamRecord<byte[]> element) throws Exception {
        Optional<ControlRecord> record = control.apply(element.getValue());
        if (record.isEmpty()) {
            return;
        }
        directory.apply(record.get());
        if (record.get() instanceof BackfillControl order) {
            order(order);
        } else if (record.get() instanceof IntegrationControl integration) {
            changed(integration);
        } else if (record.get() instanceof DefinitionControl) {
            directory.fetchable().forEach(this::place);
        }
    }

    private void order(BackfillControl order) throws Exception {
        if (order.state() == State.DELETED) {
            for (Account account : List.copyOf(accounts.values())) {
                OrderState open = account.orders.get(order.id());
                if (open != null) {
                    setCurrentKey(account.key);
                    runs.cancel(account, open);
                    pump(account);
                }
            }
            return;
        }
        IntegrationControl integration = directory.integration(order.integration());
        String key =
                integration == null
                        ? order.integration()
                        : directory.account(integration).orElse(order.integration());
        if (!isOurs(key)) {
            return;
        }
        Account account = account(key);
        setCurrentKey(key);
        runs.order(
                account,
                OrderState.of(
                        order.id(),
                        order.organization(),
                        order.integration(),
                                order.extent(),
                                order.children())
                        .restrictedTo(order.criteria()));
        pump(account);
    }

    /** Others of the organization may use its credentials or wait for it. */
    private void changed(IntegrationControl integration) throws Exception {
        for (IntegrationControl other : List.copyOf(directory.of(integration.organization()))) {
            place(other);
        }
        place(integration);
        for (Account account : List.copyOf(accounts.values())) {
            boolean concerned =
                    account.planned.contains(integration.id())
                            || account.runs.values().stream()
                                    .anyMatch(run -> run.integration.equals(integration.id()));
            if (concerned) {
                pump(account);
            }
        }
    }

    /** Notes where an integration's scheduled runs belong. */
    private void place(IntegrationControl integration) {
        String now =
                integration.state() == State.DELETED
                        ? null
                        : directory.account(integration).orElse(null);
        String before = accountOf.get(integration.id());
        if (before != null && !before.equals(now) && accounts.containsKey(before)) {
            accounts.get(before).planned.remove(integration.id());
        }
        accountOf.put(integration.id(), now);
        if (now != null && isOurs(now)) {
            try {
                account(now).planned.add(integration.id());
            } catch (Exception e) {
                throw new IllegalStateException("State of an account cannot be read", e);
            }
        }
    }

    private boolean isOurs(String key) {
        TaskInfo task = getRuntimeContext().getTaskInfo();
        return KeyGroupRangeAssignment.assignKeyToParallelOperator(
                        key,
                        task.getMaxNumberOfParallelSubtasks(),
                        task.getNumberOfParallelSubtasks())
                == task.getIndexOfThisSubtask();
    }

    private Account account(String key) throws Exception {
        Account known = accounts.get(key);
        if (known != null) {
            return known;
        }
        setCurrentKey(key);
        Account account = state.read(key);
        accounts.put(key, account);
        return account;
    }

    private void pump(Account account) throws Exception {
        setCurrentKey(account.key);
        schedule(account);
        runs.pump(account);
    }

    private void schedule(Account account) throws Exception {
        for (String id : account.planned) {
            Optional<BackfillDirectory.Known> known = directory.find(id);
            Optional<Schedules.Plan> plan =
                    known.flatMap(one -> Schedules.plan(one.integration(), one.backfill()));
            if (plan.isPresent()
                    && (known.get().backfill().derived() != null
                            || known.get().access().missing(known.get().backfill()).isEmpty())) {
                schedule(account, known.get().integration(), plan.get());
            }
        }
    }

    private void schedule(Account account, IntegrationControl integration, Schedules.Plan plan)
            throws Exception {
        long now = now();
        IntegrationNote note = account.integration(integration.id());
        long due = note.nextAtMillis();
        if (due == 0 || due > now + plan.periodMillis()) {
            due = Schedules.first(integration.id(), plan.periodMillis(), now);
            note(account, integration, note.next(due));
        }
        if (due <= now) {
            String id = "sch_" + integration.id();
            if (!account.orders.containsKey(id)) {
                runs.order(
                        account,
                        OrderState.of(
                                id,
                                integration.organization(),
                                integration.id(),
                                plan.extent(),
                                plan.children()));
            }
            due = Schedules.next(integration.id(), due, plan.periodMillis(), now);
            note(account, integration, account.integration(integration.id()).next(due));
        }
        wake(account, due);
    }

    private void note(Account account, IntegrationControl integration, IntegrationNote note)
            throws Exception {
        account.integrations.put(integration.id(), note);
        state.put(integration.id(), note);
    }

    @Override
    public long now() {
        return getProcessingTimeService().getCurrentProcessingTime();
    }

    @Override
    public void wake(Account account, long atMillis) {
        if (atMillis >= account.wakeAt) {
            return;
        }
        account.wakeAt = atMillis;
        getProcessingTimeService()
                .registerTimer(
                        Math.max(atMillis, now()),
                        at -> {
                            if (account.wakeAt == atMillis) {
                                account.wakeAt = Long.MAX_VALUE;
                                pump(account);
                            }
                        });
    }

    @Override
    public boolean mayAsk(Account account) {
        if (onTheWay < settings.mostRequests()) {
            return true;
        }
        waiting.add(account.key);
        return false;
    }

    @Override
    public long mayLetOutAt(long organization) {
        return letOutAt.getOrDefault(organization, 0L);
    }

    @Override
    public void ask(
            Account account, RunState run, RunState.Active active, ApiRequest request, Task task) {
        onTheWay++;
        client.ask(request)
                .whenComplete(
                        (answer, failure) ->
                                workers.compute(
                                        () ->
                                                read(
                                                        account, run, active, request, task, answer,
                                                        failure)));
    }

    /** On a worker: the listing is touched by nobody else while its request is on the way. */
    private void read(
            Account account,
            RunState run,
            RunState.Active active,
            ApiRequest request,
            Task task,
            ApiAnswer answer,
            Throwable failure) {
        try {
            if (failure != null) {
                throw VendorClient.failure(failure, request.uri());
            }
            Ready ready = active.listing.answered(answer).map(task.work()::ready).orElse(null);
            mail(account, () -> runs.answered(account, run, active, ready, answer));
        } catch (ApiException e) {
            mail(
                    account,
                    () -> {
                        requestsFailed.inc();
                        runs.refused(account, run, active, task.access(), e);
                    });
        } catch (RuntimeException e) {
            ApiException unreadable =
                    new ApiException(
                            ApiFailure.UNREADABLE,
                            "The API's answer cannot be used: " + e.getClass().getSimpleName(),
                            null,
                            e);
            mail(account, () -> runs.refused(account, run, active, task.access(), unreadable));
        }
    }

    /** A request ended, one way or the other. */
    private void mail(Account account, ThrowingRunnable<Exception> then) {
        later(
                () -> {
                    onTheWay--;
                    setCurrentKey(account.key);
                    then.run();
                    pump(account);
                    for (String key : new ArrayList<>(waiting)) {
                        if (onTheWay >= settings.mostRequests()) {
                            break;
                        }
                        waiting.remove(key);
                        pump(accounts.get(key));
                    }
                });
    }

    @Override
    public void read(Account account, RunState run, Reading reading, Rows then) {
        run.reading = true;
        workers.read(
                () -> {
                    try {
                        TableRows.Read read = reading.read();
                        later(() -> took(account, run, () -> then.take(read)));
                    } catch (ApiException e) {
                        later(() -> took(account, run, () -> runs.failed(account, run, null, e)));
                    } catch (RuntimeException e) {
                        ApiException failure =
                                new ApiException(
                                        ApiFailure.TRANSIENT,
                                        "A table cannot be read: " + e.getClass().getSimpleName(),
                                        null,
                                        e);
                        later(
                                () ->
                                        took(
                                                account,
                                                run,
                                                () -> runs.failed(account, run, null, failure)));
                    }
                });
    }

    private void took(Account account, RunState run, ThrowingRunnable<Exception> then)
            throws Exception {
        run.reading = false;
        setCurrentKey(account.key);
        if (account.runs.get(run.id) == run) {
            then.run();
        }
        pump(account);
    }

    @Override
    public void emit(OrderState order, List<Item> items, Instant startedAt) {
        Map<String, String> mark = order.mark();
        long micros = ChronoUnit.MICROS.between(Instant.EPOCH, startedAt);
        for (Item item : items) {
            Event event =
                    new Event(
                            ids.next(),
                            item.integration(),
                            item.revision(),
                            micros,
                            Origin.BACKFILL,
                            "GET",
                            "",
                            "",
                            "application/json",
                            mark,
                            "none",
                            item.body());
            output.collect(
                    new StreamRecord<>(
                            new IncomingEvent(event, Topics.BACKFILL_EVENTS, -1, -1, null)));
        }
        pagesFetched.inc();
        itemsFetched.inc(items.size());
        letOutAt.merge(
                order.organization,
                now() + items.size() * 1000L / settings.itemsPerSecond(),
                (before, after) ->
                        Math.max(before, now()) + items.size() * 1000L / settings.itemsPerSecond());
    }

    @Override
    public void report(OutgoingRecord report) {
        output.collect(BackfillOperatorFactory.STATUS, new StreamRecord<>(report));
    }

    private void later(ThrowingRunnable<Exception> mail) {
        try {
            mailbox.execute(mail, "backfill");
        } catch (RejectedExecutionException e) {
            // The task is over. What was asked will be asked again.
            return;
        }
    }

    @Override
    public void close() throws Exception {
        if (workers != null) {
            workers.close();
        }
        if (client != null) {
            client.close();
        }
        super.close();
    }
}

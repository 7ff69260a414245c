package io.webhookdb.connectors.backfill;

import io.webhookdb.connectors.backfill.PageWork.Item;
import io.webhookdb.connectors.control.BroadcastControl;
import io.webhookdb.connectors.kafka.IncomingEvent;
import io.webhookdb.connectors.kafka.OutgoingRecord;
import io.webhookdb.connectors.sync.OrganizationSessions;
import io.webhookdb.schemas.control.ControlRecord;
import io.webhookdb.schemas.control.IntegrationControl;
import io.webhookdb.schemas.fetch.FetchOrder;
import io.webhookdb.security.keyset.KeysetFolder;
import io.webhookdb.security.keyset.SecretOpener;
import io.webhookdb.security.keyset.SecretSealer;
import io.webhookdb.security.outbound.OutboundPolicy;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
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
 * none. What blocks runs elsewhere and ends with a mail to the task thread, which has the state.
 */
final class BackfillOperator extends AbstractStreamOperator<IncomingEvent>
        implements TwoInputStreamOperator<byte[], byte[], IncomingEvent>,
                Host,
                OutsideWork.TaskThread {
    private static final long serialVersionUID = 1L;

    private final BackfillSettings settings;
    private final String keysets;
    private final transient MailboxExecutor mailbox;

    private transient BroadcastControl control;
    private transient BackfillDirectory directory;
    private transient BackfillState state;
    private transient RunKeeper runs;
    private transient ScheduledRuns scheduled;
    private transient Accounts accounts;
    private transient ControlIntake intake;
    private transient ItemOutput items;
    private transient OutsideWork outside;
    private transient Counter itemsFetched;
    private transient Counter pagesFetched;

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
        KeysetFolder folder = KeysetFolder.open(Path.of(keysets));
        SecretOpener opener = folder.connectionsOpener();
        SecretSealer sealer = folder.connectionsSealerOfOpener();
        control =
                BroadcastControl.over(
                        getOperatorStateBackend().getBroadcastState(BroadcastControl.STATE));
        directory = new BackfillDirectory(control.directory(), settings.apiBases(), opener);
        state = new BackfillState(initialization.getKeyedStateStore());
        TableRows rows =
                new TableRows(
                        new OrganizationSessions(
                                opener, OutboundPolicy.parse(settings.outboundAllow())));
        runs = new RunKeeper(settings, directory, state, this, rows, sealer);
        scheduled = new ScheduledRuns(directory, state, runs, this);
        accounts = new Accounts(directory, this::isOurs, this::read);
        intake =
                new ControlIntake(
                        directory,
                        accounts,
                        runs.orders(),
                        new Resealing(directory, state, opener, sealer),
                        this);
    }

    @Override
    public void open() throws Exception {
        super.open();
        items = new ItemOutput(settings.itemsPerSecond());
        outside =
                new OutsideWork(
                        settings,
                        runs,
                        new BackfillWorkers(
                                "backfill-"
                                        + getRuntimeContext()
                                                .getTaskInfo()
                                                .getIndexOfThisSubtask()),
                        this,
                        getMetricGroup().counter("requestsFailed"));
        itemsFetched = getMetricGroup().counter("itemsFetched");
        pagesFetched = getMetricGroup().counter("pagesFetched");
        getMetricGroup().gauge("requestsOnTheWay", (Gauge<Integer>) outside::onTheWay);
        for (String name :
                List.of(
                        BackfillState.RUNS,
                        BackfillState.INTEGRATIONS,
                        BackfillState.CHANNELS,
                        BackfillState.OWNERS)) {
            for (String key : keys(name)) {
                accounts.get(key);
            }
        }
        for (IntegrationControl integration : directory.fetchable()) {
            accounts.place(integration);
        }
        for (Account account : accounts.all()) {
            pump(account);
        }
    }

    private List<String> keys(String name) {
        try (Stream<String> keys =
                this.<String>getKeyedStateBackend().getKeys(name, VoidNamespace.INSTANCE)) {
            return keys.toList();
        }
    }

    @Override
    public void processElement1(StreamRecord<byte[]> element) throws Exception {
        FetchOrder order = FetchOrder.decode(element.getValue());
        // The current key is the integration: what it fetches one by one has limits of its own.
        Account account = accounts.get(order.integration());
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
        intake.take(record.get());
    }

    private boolean isOurs(String key) {
        TaskInfo task = getRuntimeContext().getTaskInfo();
        return KeyGroupRangeAssignment.assignKeyToParallelOperator(
                        key,
                        task.getMaxNumberOfParallelSubtasks(),
                        task.getNumberOfParallelSubtasks())
                == task.getIndexOfThisSubtask();
    }

    private Account read(String key) throws Exception {
        setCurrentKey(key);
        return state.read(key);
    }

    @Override
    public Account account(String key) throws Exception {
        return accounts.get(key);
    }

    @Override
    public void enter(Account account) {
        setCurrentKey(account.key);
    }

    @Override
    public void pump(Account account) throws Exception {
        enter(account);
        scheduled.order(account);
        runs.pump(account);
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
        return outside.mayAsk(account);
    }

    @Override
    public long mayLetOutAt(long organization) {
        return items.mayLetOutAt(organization);
    }

    @Override
    public void ask(
            Account account, RunState run, RunState.Active active, ApiRequest request, Task task) {
        outside.ask(account, run, active, request, task);
    }

    @Override
    public void post(Account account, ApiRequest request, Posted then) {
        outside.post(account, request, then);
    }

    @Override
    public void read(Account account, RunState run, Reading reading, Rows then) {
        outside.read(account, run, reading, then);
    }

    @Override
    public <T> void look(Account account, Lookup<T> reading, Found<T> then) {
        outside.look(account, reading, then);
    }

    @Override
    public void emit(OrderState order, List<Item> brought, Instant startedAt) {
        items.emit(
                order,
                brought,
                startedAt,
                now(),
                event -> output.collect(new StreamRecord<>(event)));
        pagesFetched.inc();
        itemsFetched.inc(brought.size());
    }

    @Override
    public void report(OutgoingRecord report) {
        output.collect(BackfillOperatorFactory.STATUS, new StreamRecord<>(report));
    }

    @Override
    public void later(ThrowingRunnable<Exception> mail) {
        try {
            mailbox.execute(mail, "backfill");
        } catch (RejectedExecutionException e) {
            return; // The task is over. What was asked will be asked again.
        }
    }

    @Override
    public void close() throws Exception {
        if (outside != null) {
            outside.close();
        }
        super.close();
    }
}

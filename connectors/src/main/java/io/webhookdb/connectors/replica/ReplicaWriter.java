package io.webhookdb.connectors.replica;

import io.webhookdb.connectors.control.BroadcastControl;
import io.webhookdb.connectors.control.ControlBootstrap;
import io.webhookdb.connectors.kafka.DeadLetters;
import io.webhookdb.connectors.kafka.OutgoingRecord;
import io.webhookdb.connectors.replica.Lane.Kept;
import io.webhookdb.connectors.replica.Lane.Standing;
import io.webhookdb.connectors.replica.LaneScheduler.Start;
import io.webhookdb.connectors.replica.Pace.Hurry;
import io.webhookdb.connectors.status.IntegrationReports;
import io.webhookdb.schemas.control.ControlRecord;
import io.webhookdb.schemas.control.OrganizationControl;
import io.webhookdb.security.keyset.KeysetFolder;
import io.webhookdb.security.outbound.OutboundPolicy;
import io.webhookdb.security.trace.Tracing;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.apache.flink.api.common.TaskInfo;
import org.apache.flink.api.common.operators.MailboxExecutor;
import org.apache.flink.api.common.operators.ProcessingTimeService.ProcessingTimeCallback;
import org.apache.flink.api.java.tuple.Tuple2;
import org.apache.flink.configuration.TaskManagerOptions;
import org.apache.flink.runtime.state.StateInitializationContext;
import org.apache.flink.runtime.state.StateSnapshotContext;
import org.apache.flink.runtime.state.VoidNamespace;
import org.apache.flink.streaming.api.operators.AbstractStreamOperator;
import org.apache.flink.streaming.api.operators.StreamOperatorParameters;
import org.apache.flink.streaming.api.operators.TwoInputStreamOperator;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;

/**
 * Writes rows into the organizations' databases and announces what became visible.
 *
 * <p>First input: rows, keyed by {@link LaneKey}. Second: control records, broadcast. Output: the
 * announcements of committed changes; dead letters beside.
 *
 * <p>Every row that came in is, at any barrier, either settled (written, stale, refused) with its
 * announcement emitted before the barrier, or in keyed state. The barrier waits a moment for
 * databases that answer and for no other. Only worker threads talk to databases; each batch's end
 * is a mail to the task thread, which alone touches state, lanes and output.
 *
 * <p>A database that fails or is slow keeps its rows parked in keyed state, where they are merged
 * to the newest per row, and holds up nobody else's. A database that answers but is outrun slows
 * the input down, for at most the time of a batch.
 */
final class ReplicaWriter extends AbstractStreamOperator<OutgoingRecord>
        implements TwoInputStreamOperator<SourcedRow, byte[], OutgoingRecord> {
    private static final long serialVersionUID = 1L;
    private static final long POLL_NANOS = TimeUnit.MICROSECONDS.toNanos(200);

    private final ReplicaWriterSettings settings;
    private final ControlBootstrap bootstrap;
    private final String keysets;
    private final String outboundAllow;
    private final transient MailboxExecutor mailbox;

    private transient BroadcastControl control;
    private transient HeldRows held;
    private transient ParkedRows parked;
    private transient RowMerge merge;
    private transient Lanes lanes;
    private transient LaneScheduler scheduler;
    private transient Crowding crowding;
    private transient Pace pace;
    private transient Settlement settlement;
    private transient ReplicaConnections connections;
    private transient BatchRunner runner;
    private transient Tracing tracing;
    private transient BatchPump pump;
    private transient LaneSnapshots snapshots;
    private transient ControlReactions reactions;
    private transient WriterMetrics metricsOfRows;
    private transient EpochReports epochs;
    private transient Upkeep upkeep;
    private transient WriterCounts counts;
    private transient long startedAtMicros;
    private transient HeapGate heap;
    private transient boolean restored;

    ReplicaWriter(
            StreamOperatorParameters<OutgoingRecord> parameters,
            ReplicaWriterSettings settings,
            ControlBootstrap bootstrap,
            String keysets,
            String outboundAllow) {
        super(parameters);
        this.settings = settings;
        this.bootstrap = bootstrap;
        this.keysets = keysets;
        this.outboundAllow = outboundAllow;
        this.mailbox = parameters.getMailboxExecutor();
    }

    @Override
    public void initializeState(StateInitializationContext context) throws Exception {
        super.initializeState(context);
        startedAtMicros = DeadLetters.nowMicros();
        restored = context.isRestored();
        control =
                BroadcastControl.complete(
                        getOperatorStateBackend().getBroadcastState(BroadcastControl.STATE),
                        bootstrap);
        merge = new RowMerge(hash -> control.directory().definition(hash));
        held =
                new HeldRows(
                        context.getKeyedStateStore().getMapState(HeldRows.ROWS),
                        this::setCurrentKey);
        parked =
                new ParkedRows(
                        context.getKeyedStateStore().getMapState(ParkedRows.ROWS),
                        context.getKeyedStateStore().getState(ParkedRows.COUNT),
                        this::setCurrentKey,
                        merge);
    }

    @Override
    public void open() throws Exception {
        super.open();
        crowding = new Crowding(settings.threads(), () -> Linger.longestWhenLate(lanes.count()));
        scheduler = new LaneScheduler(settings, crowding);
        lanes = new Lanes(scheduler, merge, settings.mostRows());
        heap = heapGate();
        pace = new Pace(settings, crowding, lanes::count, heap::mustMakeRoom);
        metricsOfRows = new WriterMetrics(getMetricGroup());
        counts =
                new WriterCounts(
                        IntegrationReports.of(
                                "replication/writer", getRuntimeContext().getTaskInfo()),
                        metricsOfRows,
                        new RepairReports(
                                IntegrationReports.reporter(
                                        "replication/writer", getRuntimeContext().getTaskInfo())));
        settlement = new Settlement(settings, lanes, scheduler, parked);
        int threads = settings.threads() + settings.threadsForSlow() + settings.threadsForProbes();
        connections =
                new ReplicaConnections(
                        settings.connections(),
                        threads,
                        getRuntimeContext().getTaskInfo().getNumberOfParallelSubtasks(),
                        OutboundPolicy.parse(outboundAllow));
        tracing = Tracing.ofProcess("webhookdb-replication");
        runner = new BatchRunner(batchWriter(), workers(), mailbox, this::ended);
        BatchAssembly assembly =
                new BatchAssembly(
                        settings, control.directory(), lanes, parked, metricsOfRows::dropped);
        pump = new BatchPump(scheduler, lanes, pace, assembly, runner, this::after);
        reactions = new ControlReactions(lanes, scheduler, pump);
        metricsOfRows.gauges(lanes::load, connections::open, control::unknown);
        snapshots = new LaneSnapshots(lanes, scheduler, held, parked, pump);
        snapshots.restore(keysOfState(), heap.most() / 2, now());
        epochs = epochs();
        upkeep =
                new Upkeep(
                        this::after,
                        lanes,
                        scheduler,
                        pump,
                        runner::run,
                        connections,
                        epochs,
                        pace);
        upkeep.begin(this::report);
    }

    private EpochReports epochs() {
        TaskInfo task = getRuntimeContext().getTaskInfo();
        EpochReports reports =
                new EpochReports(
                        task.getIndexOfThisSubtask(),
                        task.getNumberOfParallelSubtasks(),
                        lanes,
                        report -> output.collect(EpochReports.tag(), new StreamRecord<>(report)));
        control.directory()
                .records()
                .filter(OrganizationControl.class::isInstance)
                .forEach(organization -> reports.know((OrganizationControl) organization));
        return reports;
    }

    private HeapGate heapGate() {
        int slots =
                getContainingTask()
                        .getEnvironment()
                        .getTaskManagerInfo()
                        .getConfiguration()
                        .get(TaskManagerOptions.NUM_TASK_SLOTS);
        long most =
                HeapShare.bytes(settings.heapPerSubtask(), Runtime.getRuntime().maxMemory(), slots);
        return new HeapGate(
                settings, lanes, scheduler, most, ReplicaWriter::now, this::yieldBriefly);
    }

    private BatchWriter batchWriter() {
        long grace =
                restored
                        ? TimeUnit.MILLISECONDS.toMicros(settings.repetitionGrace().toMillis())
                        : 0;
        return new BatchWriter(
                connections,
                new ReplicaTargets(KeysetFolder.open(Path.of(keysets)).connectionsOpener()),
                new ChangeAnnouncer(startedAtMicros + grace, settings.mostChangeBytes()),
                tracing);
    }

    private Workers workers() {
        return new Workers(
                settings, "writer-" + getRuntimeContext().getTaskInfo().getIndexOfThisSubtask());
    }

    @Override
    public void processElement1(StreamRecord<SourcedRow> element) throws Exception {
        SourcedRow row = element.getValue();
        metricsOfRows.received();
        String key = (String) getCurrentKey();
        boolean parks = heap.mustPark(lanes.lane(key));
        // Only now, since a wait above may have swept an empty lane away.
        Lane lane = lanes.lane(key);
        long now = now();
        long lag = (DeadLetters.nowMicros() - row.update().receivedAtMicros()) / 1_000;
        lane.lag(lag);
        upkeep.rowCame(lag);
        if (parks) {
            parked.park(lane, List.of(row));
        } else {
            lanes.add(lane, row, Kept.IN_HEAP);
        }
        if (lane.standing() == Standing.RESTING) {
            pump.plan(lane, now);
            pump.pump(now);
        }
    }

    @Override
    public void processElement2(StreamRecord<byte[]> element) throws Exception {
        Optional<ControlRecord> record = control.apply(element.getValue());
        if (record.isEmpty()) {
            return;
        }
        if (record.get() instanceof OrganizationControl organization) {
            epochs.know(organization);
        }
        reactions.react(record.get(), now());
    }

    @Override
    public void prepareSnapshotPreBarrier(long checkpointId) throws Exception {
        long deadline = System.nanoTime() + settings.barrierWait().toNanos();
        pace.hurry(Hurry.BARRIER);
        pump.startWaiting(now());
        while (System.nanoTime() < deadline && scheduler.hasWellInFlight(now())) {
            yieldBriefly();
        }
        pace.hurry(Hurry.NONE);
        output.collect(
                ReplicaWriterFactory.unsettled(),
                new StreamRecord<>(
                        Tuple2.of(
                                getRuntimeContext().getTaskInfo().getIndexOfThisSubtask(),
                                lanes.oldestUnsettled())));
    }

    @Override
    public void snapshotState(StateSnapshotContext context) throws Exception {
        super.snapshotState(context);
        snapshots.save(now());
    }

    /**
     * Writes everything before the end of the input.
     *
     * @throws IllegalStateException if a database does not take its rows in time: ending without
     *     them would lose them
     */
    @Override
    public void finish() throws Exception {
        long deadline = System.nanoTime() + settings.drainLimit().toNanos();
        pace.hurry(Hurry.END);
        while (!lanes.unwritten().isEmpty()) {
            if (System.nanoTime() > deadline) {
                throw new IllegalStateException(
                        "Rows of organizations "
                                + lanes.unwritten().stream().limit(10).toList()
                                + " could not be written within "
                                + settings.drainLimit()
                                + ". Stop with a savepoint, without drain, to keep them.");
            }
            pump.startAllWaiting(now());
            yieldBriefly();
        }
        report();
        super.finish();
    }

    @Override
    public void close() throws Exception {
        if (runner != null) {
            runner.close();
        }
        if (connections != null) {
            connections.close();
        }
        if (tracing != null) {
            tracing.close();
        }
        super.close();
    }

    private Set<String> keysOfState() {
        Set<String> keys = new LinkedHashSet<>();
        for (String state : List.of(ParkedRows.COUNT.getName(), HeldRows.ROWS.getName())) {
            try (Stream<Object> some =
                    this.<Object>getKeyedStateBackend().getKeys(state, VoidNamespace.INSTANCE)) {
                some.forEach(key -> keys.add((String) key));
            }
        }
        return keys;
    }

    private void ended(Start start, Batch batch, BatchOutcome outcome, long millis)
            throws Exception {
        Lane lane = start.lane();
        long now = now();
        metricsOfRows.ended(outcome, batch.rows().size(), millis);
        counts.ended(lane.key(), outcome);
        if (outcome.failure() == null) {
            crowding.passed(lane.key().organization(), batch.rows().size(), millis);
        }
        outcome.changes().forEach(change -> output.collect(new StreamRecord<>(change)));
        outcome.refused().forEach(this::emitDeadLetter);
        settlement.settle(lane, batch, outcome, now);
        epochs.report(lane.key().organization());
        scheduler.ended(start, now, millis);
        pump.plan(lane, now);
        pump.pump(now);
    }

    private void emitDeadLetter(BatchOutcome.Refused refused) {
        output.collect(DeadLetters.TAG, new StreamRecord<>(refused.letter()));
    }

    private void yieldBriefly() {
        if (!mailbox.tryYield()) {
            LockSupport.parkNanos(POLL_NANOS);
        }
    }

    private void after(long millis, ProcessingTimeCallback callback) {
        long time = getProcessingTimeService().getCurrentProcessingTime();
        getProcessingTimeService().registerTimer(time + Math.max(0, millis), callback);
    }

    private void report() {
        counts.send(report -> output.collect(IntegrationReports.TAG, new StreamRecord<>(report)));
    }

    /** A clock that nobody sets back; unrelated to the time of day. */
    static long now() {
        return TimeUnit.NANOSECONDS.toMillis(System.nanoTime());
    }
}

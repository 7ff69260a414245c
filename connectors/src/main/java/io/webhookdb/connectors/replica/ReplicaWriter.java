package io.webhookdb.connectors.replica;

import io.webhookdb.connectors.control.BroadcastControl;
import io.webhookdb.connectors.control.ControlBootstrap;
import io.webhookdb.connectors.kafka.DeadLetters;
import io.webhookdb.connectors.kafka.OutgoingRecord;
import io.webhookdb.connectors.replica.Lane.Kept;
import io.webhookdb.connectors.replica.Lane.Standing;
import io.webhookdb.connectors.replica.LaneScheduler.Start;
import io.webhookdb.schemas.control.ControlRecord;
import io.webhookdb.schemas.control.ControlRecord.State;
import io.webhookdb.schemas.control.IntegrationControl;
import io.webhookdb.schemas.control.OrganizationControl;
import io.webhookdb.schemas.deadletter.DeadLetter;
import io.webhookdb.security.keyset.KeysetFolder;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.apache.flink.api.common.operators.MailboxExecutor;
import org.apache.flink.api.common.operators.ProcessingTimeService.ProcessingTimeCallback;
import org.apache.flink.runtime.state.StateInitializationContext;
import org.apache.flink.runtime.state.StateSnapshotContext;
import org.apache.flink.runtime.state.VoidNamespace;
import org.apache.flink.streaming.api.operators.AbstractStreamOperator;
import org.apache.flink.streaming.api.operators.StreamOperatorParameters;
import org.apache.flink.streaming.api.operators.TwoInputStreamOperator;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

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
    private static final Logger LOGGER = LoggerFactory.getLogger(ReplicaWriter.class);
    private static final long POLL_NANOS = TimeUnit.MICROSECONDS.toNanos(200);
    private static final long SWEEP_MILLIS = 5_000;

    private final ReplicaWriterSettings settings;
    private final ControlBootstrap bootstrap;
    private final String keysets;
    private final transient MailboxExecutor mailbox;

    private transient BroadcastControl control;
    private transient ParkedRows parked;
    private transient Map<String, Lane> lanes;
    private transient Set<Lane> awaitingControl;
    private transient LaneScheduler scheduler;
    private transient Linger linger;
    private transient ReplicaConnections connections;
    private transient BatchWriter batchWriter;
    private transient Workers workers;
    private transient WriterMetrics metricsOfRows;
    private transient long heap;
    private transient long timerAt;
    private transient long startedAtMicros;
    private transient boolean restored;
    private transient boolean hurried;

    ReplicaWriter(
            StreamOperatorParameters<OutgoingRecord> parameters,
            ReplicaWriterSettings settings,
            ControlBootstrap bootstrap,
            String keysets) {
        super(parameters);
        this.settings = settings;
        this.bootstrap = bootstrap;
        this.keysets = keysets;
        this.mailbox = parameters.getMailboxExecutor();
    }

    @Override
    public void initializeState(StateInitializationContext context) throws Exception {
        super.initializeState(context);
        startedAtMicros = DeadLetters.nowMicros();
        restored = context.isRestored();
        control =
                BroadcastControl.over(
                        getOperatorStateBackend().getBroadcastState(BroadcastControl.STATE));
        if (!restored) {
            for (byte[] json : bootstrap.read()) {
                control.apply(json);
            }
        }
        parked =
                new ParkedRows(
                        context.getKeyedStateStore().getMapState(ParkedRows.ROWS),
                        context.getKeyedStateStore().getState(ParkedRows.COUNT));
    }

    @Override
    public void open() throws Exception {
        super.open();
        lanes = new HashMap<>();
        awaitingControl = new LinkedHashSet<>();
        scheduler = new LaneScheduler(settings);
        linger = new Linger(settings.longestLinger(), settings.mostRows());
        timerAt = Long.MAX_VALUE;
        int threads = settings.threads() + settings.threadsForSlow() + settings.threadsForProbes();
        connections = new ReplicaConnections(settings.connections(), threads);
        batchWriter =
                new BatchWriter(
                        connections,
                        new ReplicaTargets(KeysetFolder.open(Path.of(keysets)).connectionsOpener()),
                        new ChangeAnnouncer(
                                startedAtMicros
                                        + (restored
                                                ? TimeUnit.MILLISECONDS.toMicros(
                                                        settings.repetitionGrace().toMillis())
                                                : 0),
                                settings.mostChangeBytes()));
        workers =
                new Workers(
                        settings,
                        "writer-" + getRuntimeContext().getTaskInfo().getIndexOfThisSubtask());
        metricsOfRows = new WriterMetrics(getMetricGroup());
        WriterMetrics.gauge(getMetricGroup(), "rowsParked", this::parkedRows);
        WriterMetrics.gauge(getMetricGroup(), "heapBytes", () -> heap);
        WriterMetrics.gauge(
                getMetricGroup(), "oldestParkedReceivedAtMicros", this::oldestParkedMicros);
        WriterMetrics.gauge(getMetricGroup(), "openConnections", () -> connections.open());
        WriterMetrics.gauge(getMetricGroup(), "controlRecordsUnreadable", () -> control.unknown());
        resubmitParked();
        scheduleSweep();
    }

    @Override
    public void processElement1(StreamRecord<SourcedRow> element) throws Exception {
        SourcedRow row = element.getValue();
        metricsOfRows.received();
        String key = (String) getCurrentKey();
        boolean parks = mustPark(lane(key));
        // Only now, since a wait above may have swept an empty lane away.
        Lane lane = lane(key);
        long now = now();
        if (parks) {
            setCurrentKey(key);
            parked.park(lane, row);
        } else {
            grew(lane, lane.add(row, Kept.IN_HEAP));
        }
        if (lane.standing() == Standing.RESTING) {
            scheduler.plan(lane, resumeAt(lane, now), now);
            pump(now);
        }
    }

    @Override
    public void processElement2(StreamRecord<byte[]> element) throws Exception {
        Optional<ControlRecord> record = control.apply(element.getValue());
        if (record.isEmpty()) {
            return;
        }
        long now = now();
        if (record.get() instanceof OrganizationControl organization) {
            scheduler.retry(organization.id(), now);
        }
        if (record.get() instanceof IntegrationControl integration) {
            for (Lane lane : lanes.values()) {
                if (lane.key().integration().equals(integration.id())) {
                    lane.breaker().retryNow();
                    replan(lane, now);
                }
            }
        }
        Set<Lane> awaiting = awaitingControl;
        awaitingControl = new LinkedHashSet<>();
        awaiting.forEach(lane -> scheduler.plan(lane, now, now));
        pump(now);
    }

    @Override
    public void prepareSnapshotPreBarrier(long checkpointId) throws Exception {
        long deadline = System.nanoTime() + settings.barrierWait().toNanos();
        hurried = true;
        startAllWaiting();
        while (System.nanoTime() < deadline && scheduler.hasWellInFlight(now())) {
            yieldBriefly();
        }
        hurried = false;
    }

    @Override
    public void snapshotState(StateSnapshotContext context) throws Exception {
        super.snapshotState(context);
        long now = now();
        for (Lane lane : lanes.values()) {
            List<SourcedRow> unkept = lane.keepInState();
            boolean failing = !scheduler.tenant(lane).breaker().isClosed();
            if (unkept.isEmpty() && lane.inFlight().isEmpty() && lane.isSaved()) {
                continue;
            }
            setCurrentKey(lane.key().text());
            for (SourcedRow row : lane.inFlight()) {
                parked.park(lane, row);
            }
            for (SourcedRow row : unkept) {
                parked.park(lane, row);
            }
            if (failing) {
                release(lane);
                if (!lane.isEmpty()) {
                    scheduler.plan(lane, resumeAt(lane, now), now);
                }
            }
            parked.save(lane);
            lane.saved();
        }
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
        hurried = true;
        while (lanes.values().stream().anyMatch(this::hasRows)) {
            if (System.nanoTime() > deadline) {
                throw new IllegalStateException(
                        "Rows of organizations "
                                + lanes.values().stream()
                                        .filter(this::hasRows)
                                        .map(lane -> lane.key().organization())
                                        .distinct()
                                        .limit(10)
                                        .toList()
                                + " could not be written within "
                                + settings.drainLimit()
                                + ". Stop with a savepoint, without drain, to keep them.");
            }
            startAllWaiting();
            yieldBriefly();
        }
        super.finish();
    }

    @Override
    public void close() throws Exception {
        if (workers != null) {
            workers.close();
        }
        if (connections != null) {
            connections.close();
        }
        super.close();
    }

    private boolean hasRows(Lane lane) {
        return !lane.isEmpty() || lane.standing() == Standing.IN_FLIGHT;
    }

    private void resubmitParked() throws Exception {
        List<Object> keys;
        try (Stream<Object> stream =
                this.<Object>getKeyedStateBackend()
                        .getKeys(ParkedRows.COUNT.getName(), VoidNamespace.INSTANCE)) {
            keys = stream.toList();
        }
        long now = now();
        for (Object key : keys) {
            setCurrentKey(key);
            Lane lane = lane((String) key);
            lane.parking(parked.saved());
            lane.saved();
            scheduler.plan(lane, now, now);
        }
        pump(now);
    }

    /** Whether a row must not stay in heap. May wait, while its database answers. */
    private boolean mustPark(Lane lane) {
        Tenant tenant = scheduler.tenant(lane);
        if (!tenant.breaker().isClosed() || !lane.breaker().isClosed()) {
            return true;
        }
        if (heap >= settings.heapPerSubtask()) {
            return true;
        }
        while (tenant.heap() >= settings.heapPerOrganization()) {
            if (tenant.inFlight() == 0 || !tenant.isWell(now(), settings.slow().toMillis())) {
                return true;
            }
            yieldBriefly();
        }
        return false;
    }

    private long dueAt(Lane lane, long now) {
        boolean full =
                lane.waiting() >= settings.mostRows() || lane.weight() >= settings.mostBatchBytes();
        return full || hurried
                ? now
                : now + linger.millis(lane.lastBatchRows(), now - lane.lastActiveAt());
    }

    private void replan(Lane lane, long now) {
        if (!lane.isEmpty()) {
            scheduler.plan(lane, resumeAt(lane, now), now);
        }
    }

    private void startAllWaiting() throws Exception {
        long now = now();
        for (Lane lane : lanes.values()) {
            if (lane.waiting() > 0
                    && !awaitingControl.contains(lane)
                    && lane.breaker().isClosed()) {
                scheduler.plan(lane, now, now);
            }
        }
        pump(now);
    }

    /** Starts what may start, and has itself called when more may. */
    private void pump(long now) throws Exception {
        Optional<Start> next = scheduler.next(now);
        while (next.isPresent()) {
            start(next.get(), now);
            next = scheduler.next(now);
        }
        long wakeup = scheduler.nextWakeup().orElse(Long.MAX_VALUE);
        if (wakeup < timerAt) {
            timerAt = wakeup;
            after(wakeup - now, this::wake);
        }
    }

    private void wake(long time) throws Exception {
        timerAt = Long.MAX_VALUE;
        pump(now());
    }

    private void start(Start start, long now) throws Exception {
        Lane lane = start.lane();
        Optional<Batch> batch = batch(lane);
        if (batch.isEmpty()) {
            scheduler.ended(lane, now, 0);
            return;
        }
        lane.inFlight(batch.get().rows());
        workers.run(start.pool(), () -> write(lane, batch.get()));
    }

    private Optional<Batch> batch(Lane lane) throws Exception {
        IntegrationControl integration = control.directory().integration(lane.key().integration());
        OrganizationControl organization =
                control.directory().organization(lane.key().organization());
        if (isDeleted(integration, organization)) {
            drop(lane);
            return Optional.empty();
        }
        refill(lane);
        if (lane.waiting() == 0) {
            return Optional.empty();
        }
        String definition = lane.first().update().definition();
        if (integration == null
                || organization == null
                || control.directory().definition(definition) == null) {
            awaitingControl.add(lane);
            return Optional.empty();
        }
        long before = lane.weight();
        List<SourcedRow> rows =
                lane.take(
                        lane.limit(),
                        settings.mostBatchBytes(),
                        row -> row.update().definition().equals(definition));
        grew(lane, lane.weight() - before);
        return Optional.of(
                new Batch(
                        organization,
                        control.directory().definition(definition),
                        integration.table(),
                        rows));
    }

    private static boolean isDeleted(
            IntegrationControl integration, OrganizationControl organization) {
        return (integration != null && integration.state() == State.DELETED)
                || (organization != null && organization.state() == State.DELETED);
    }

    /**
     * Half of a batch at least is for parked rows, or new ones would keep them waiting for ever.
     */
    private void refill(Lane lane) throws Exception {
        int room = settings.mostRows() - Math.min(lane.waiting(), settings.mostRows() / 2);
        if (lane.parking().rows() > 0 && lane.waiting() <= settings.mostRows() / 2) {
            setCurrentKey(lane.key().text());
            for (SourcedRow row : parked.some(lane, room)) {
                grew(lane, lane.add(row, Kept.ALSO_IN_STATE));
            }
        }
    }

    private void drop(Lane lane) throws Exception {
        long rows = lane.waiting() + lane.parking().rows();
        release(lane);
        setCurrentKey(lane.key().text());
        parked.clear(lane);
        metricsOfRows.dropped(rows);
    }

    /** On a worker thread. */
    private void write(Lane lane, Batch batch) {
        long start = System.nanoTime();
        try {
            BatchOutcome outcome = batchWriter.write(batch);
            long millis = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start);
            mail(() -> ended(lane, batch, outcome, millis));
        } catch (Throwable t) {
            mail(
                    () -> {
                        throw new IllegalStateException(
                                "Batch of lane " + lane.key().text() + " ended unexpectedly", t);
                    });
            throw t;
        }
    }

    private void mail(org.apache.flink.util.function.ThrowingRunnable<Exception> mail) {
        try {
            mailbox.execute(mail, "replica batch ended");
        } catch (RejectedExecutionException e) {
            // The task is over. What this batch wrote will be written again, and so announced.
            return;
        }
    }

    private void ended(Lane lane, Batch batch, BatchOutcome outcome, long millis) throws Exception {
        long now = now();
        metricsOfRows.ended(outcome, batch.rows().size(), millis);
        outcome.changes().forEach(change -> output.collect(new StreamRecord<>(change)));
        outcome.refused().forEach(this::emitDeadLetter);
        setCurrentKey(lane.key().text());
        for (SourcedRow row : outcome.applied()) {
            parked.settle(lane, row);
        }
        for (SourcedRow row : outcome.stale()) {
            parked.settle(lane, row);
        }
        for (BatchOutcome.Refused refused : outcome.refused()) {
            parked.settle(lane, refused.row());
        }
        lane.inFlight(List.of());
        lane.batchEnded(batch.rows().size(), now);
        lane.limit(
                outcome.failure() == null
                        ? Math.min(settings.mostRows(), lane.limit() * 2)
                        : Math.max(1, batch.rows().size() / 2));
        if (outcome.failure() == null) {
            passed(lane);
        } else {
            failed(lane, outcome, now);
        }
        scheduler.ended(lane, now, millis);
        if (!lane.isEmpty()) {
            scheduler.plan(lane, resumeAt(lane, now), now);
        }
        pump(now);
    }

    /** When a lane that has rows may have its next batch, as far as its table is concerned. */
    private long resumeAt(Lane lane, long now) {
        if (!lane.breaker().isClosed()) {
            return lane.breaker().retryAt();
        }
        return lane.parking().rows() > 0 ? now : dueAt(lane, now);
    }

    private void passed(Lane lane) {
        Tenant tenant = scheduler.tenant(lane);
        if (!tenant.breaker().isClosed()) {
            LOGGER.info("Organization {}: database takes rows again", lane.key().organization());
        }
        tenant.breaker().succeeded();
        lane.breaker().succeeded();
    }

    /** Parks what the lane has: a database that fails keeps nothing in heap. */
    private void failed(Lane lane, BatchOutcome outcome, long now) throws Exception {
        BatchOutcome.Failure failure = outcome.failure();
        boolean wholeDatabase = failure.scope() == BatchOutcome.Scope.DATABASE;
        Breaker breaker = wholeDatabase ? scheduler.tenant(lane).breaker() : lane.breaker();
        boolean first = breaker.isClosed();
        if (first) {
            LOGGER.warn(
                    "Organization {}, integration {}: {} failure, rows are parked: {}",
                    lane.key().organization(),
                    lane.key().integration(),
                    failure.kind(),
                    failure.message());
        }
        breaker.failed(now);
        for (SourcedRow row : outcome.unwritten()) {
            parked.park(lane, row);
        }
        parkWaiting(lane);
        if (first && wholeDatabase) {
            for (Lane other : lanes.values()) {
                if (other.key().organization() == lane.key().organization()) {
                    parkWaiting(other);
                }
            }
        }
    }

    private void parkWaiting(Lane lane) throws Exception {
        setCurrentKey(lane.key().text());
        for (SourcedRow row : lane.keepInState()) {
            parked.park(lane, row);
        }
        release(lane);
    }

    /** Takes a lane's rows out of heap. */
    private void release(Lane lane) {
        long before = lane.weight();
        lane.takeAll();
        grew(lane, -before);
    }

    private void emitDeadLetter(BatchOutcome.Refused refused) {
        SourcedRow row = refused.row();
        output.collect(
                DeadLetters.TAG,
                new StreamRecord<>(
                        DeadLetters.encoded(
                                new DeadLetter(
                                        row.topic(),
                                        row.partition(),
                                        row.offset(),
                                        row.update().version().eventId().toString(),
                                        row.update().organization(),
                                        row.update().integration(),
                                        row.update().key(),
                                        DeadLetter.Reason.REFUSED_BY_DATABASE,
                                        refused.message(),
                                        refused.sqlState(),
                                        1,
                                        DeadLetters.nowMicros()))));
    }

    private Lane lane(String key) {
        return lanes.computeIfAbsent(
                key,
                text -> new Lane(LaneKey.of(text), scheduler.newBreaker(), settings.mostRows()));
    }

    private void grew(Lane lane, long bytes) {
        heap += bytes;
        scheduler.tenant(lane).heapGrew(bytes);
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

    private void scheduleSweep() {
        after(SWEEP_MILLIS, time -> sweep());
    }

    /** Forgets what is idle, so that neither heap nor servers feel integrations that rest. */
    private void sweep() {
        long now = now();
        Iterator<Lane> all = lanes.values().iterator();
        while (all.hasNext()) {
            Lane lane = all.next();
            if (lane.isEmpty()
                    && lane.isSaved()
                    && lane.standing() == Standing.RESTING
                    && now - lane.lastActiveAt() > SWEEP_MILLIS) {
                awaitingControl.remove(lane);
                all.remove();
            }
        }
        scheduler.forgetIdle();
        workers.run(LaneScheduler.Pool.PROBE, connections::closeIdle);
        scheduleSweep();
    }

    private long parkedRows() {
        return lanes.values().stream().mapToLong(lane -> lane.parking().rows()).sum();
    }

    private long oldestParkedMicros() {
        return lanes.values().stream()
                .mapToLong(lane -> lane.parking().oldestReceivedAtMicros())
                .min()
                .orElse(Long.MAX_VALUE);
    }

    /** A clock that nobody sets back; unrelated to the time of day. */
    private static long now() {
        return TimeUnit.NANOSECONDS.toMillis(System.nanoTime());
    }
}

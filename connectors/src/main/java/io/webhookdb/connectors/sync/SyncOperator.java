package io.webhookdb.connectors.sync;

import io.webhookdb.connectors.control.BroadcastControl;
import io.webhookdb.connectors.kafka.OutgoingRecord;
import io.webhookdb.connectors.sync.SyncContext.Known;
import io.webhookdb.schemas.control.ControlRecord;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.RejectedExecutionException;
import java.util.stream.Stream;
import org.apache.flink.api.common.operators.MailboxExecutor;
import org.apache.flink.metrics.Gauge;
import org.apache.flink.runtime.state.StateInitializationContext;
import org.apache.flink.runtime.state.VoidNamespace;
import org.apache.flink.streaming.api.operators.AbstractStreamOperator;
import org.apache.flink.streaming.api.operators.StreamOperatorParameters;
import org.apache.flink.streaming.api.operators.TwoInputStreamOperator;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;
import org.apache.flink.util.function.ThrowingRunnable;

/**
 * Keeps sync targets equal to their tables.
 *
 * <p>First input: changed rows and notices, keyed by lane (target and shard). Second: control
 * records, broadcast. Output: nothing but dead letters and {@link SyncReports}, beside.
 *
 * <p>All changes that are pending lie in keyed state, compacted to the newest version per row, and
 * leave it when the target has acknowledged that version; so a restart repeats pages and loses
 * none. The heap holds the pages on their way, one per lane and no more than there are threads, and
 * a few pages of existing rows of lanes that load ({@link ExistingRows}). Worker threads talk to
 * targets and databases; each end is a mail to the task thread, which alone touches state. What a
 * lane sends next is for {@link PageSending}.
 */
final class SyncOperator extends AbstractStreamOperator<OutgoingRecord>
        implements TwoInputStreamOperator<SyncInput, byte[], OutgoingRecord>, LaneTask {
    private static final long serialVersionUID = 1L;

    private final SyncSettings settings;
    private final String keysets;
    private final transient MailboxExecutor mailbox;

    private transient BroadcastControl control;
    private transient SyncContext context;
    private transient LaneState state;
    private transient PendingChanges pending;
    private transient Map<String, SyncLane> lanes;
    private transient ExistingRows existing;
    private transient PageSending sending;
    private transient SyncWorkers workers;
    private transient LaneParts parts;

    SyncOperator(
            StreamOperatorParameters<OutgoingRecord> parameters,
            SyncSettings settings,
            String keysets) {
        super(parameters);
        this.settings = settings;
        this.keysets = keysets;
        this.mailbox = parameters.getMailboxExecutor();
    }

    @Override
    public void initializeState(StateInitializationContext initialization) throws Exception {
        super.initializeState(initialization);
        control =
                BroadcastControl.over(
                        getOperatorStateBackend().getBroadcastState(BroadcastControl.STATE));
        context = new SyncContext(control.directory());
        state = new LaneState(initialization.getKeyedStateStore());
        pending = new PendingChanges(state);
    }

    @Override
    public void open() throws Exception {
        super.open();
        lanes = new HashMap<>();
        workers =
                new SyncWorkers(
                        settings,
                        "sync-" + getRuntimeContext().getTaskInfo().getIndexOfThisSubtask());
        parts = new LaneParts(settings, keysets, workers);
        existing = new ExistingRows(this, settings, workers, state, pending);
        sending =
                new PageSending(
                        this,
                        settings,
                        workers,
                        state,
                        new NextPages(pending, existing),
                        new SyncOutcomes(getMetricGroup(), output));
        getMetricGroup().gauge("rowsPending", (Gauge<Long>) this::rowsPending);
        for (Object key : restoredLanes()) {
            setCurrentKey(key);
            pump(lane((String) key));
        }
    }

    private List<Object> restoredLanes() {
        try (Stream<Object> keys =
                this.<Object>getKeyedStateBackend()
                        .getKeys(LaneState.PROGRESS, VoidNamespace.INSTANCE)) {
            return keys.toList();
        }
    }

    @Override
    public void processElement1(StreamRecord<SyncInput> element) throws Exception {
        SyncInput input = element.getValue();
        SyncLane lane = lane(input.lane());
        if (context.isDeleted(lane.target)) {
            drop(lane);
            return;
        }
        if (input.isNotice()) {
            lane.progress =
                    lane.progress.with(
                            lane.progress.existing().heard(input.router(), input.routers()));
        } else {
            lane.take(pending.add(lane.progress.queue(), input.row(), lane.memory()), now());
        }
        pump(lane);
    }

    @Override
    public void processElement2(StreamRecord<byte[]> element) throws Exception {
        Optional<ControlRecord> record = control.apply(element.getValue());
        if (record.isEmpty()) {
            return;
        }
        context.apply(record.get());
        for (SyncLane lane : new ArrayList<>(lanes.values())) {
            if (context.concerns(record.get(), lane.target)) {
                lane.retryNow();
                pumpOther(lane);
            }
        }
    }

    @Override
    public void pump(SyncLane lane) throws Exception {
        if (context.isDeleted(lane.target)) {
            drop(lane);
            return;
        }
        Optional<Known> known = context.of(lane.target);
        boolean isPaused = known.isPresent() && known.get().target().settings().pause();
        if (isPaused) {
            existing.forget(lane, known.get());
        }
        do {
            // Whoever waited to load goes first.
            callReleased(lane);
            if (known.isPresent() && !isPaused) {
                advance(lane, known.get());
            }
        } while (!lane.called.isEmpty());
        state.progress(lane.progress);
    }

    private void callReleased(SyncLane lane) throws Exception {
        if (!lane.called.isEmpty()) {
            List<String> called = List.copyOf(lane.called);
            lane.called.clear();
            call(called);
            setCurrentKey(lane.key);
        }
    }

    private void pumpOther(SyncLane lane) throws Exception {
        enter(lane);
        pump(lane);
    }

    private void advance(SyncLane lane, Known known) throws Exception {
        if (lane.progress.existing().isOther(known.generation())) {
            lane.progress = lane.progress.with(lane.progress.existing().of(known.generation()));
            state.nothingLoaded();
            state.forgetAcknowledged();
            existing.forget(lane, known);
        }
        boolean mayStart = lane.progress.isReading() || lane.progress.hasReadAll();
        if (!mayStart
                || (!lane.progress.round().isUnderWay() && !sending.startRound(lane, known))) {
            return;
        }
        if (lane.progress.isReading() && !lane.reading) {
            existing.read(lane, known);
        }
        sending.send(lane, known);
        if (lane.progress.isReading() && !lane.reading) {
            existing.read(lane, known);
        }
    }

    @Override
    public void report(SyncLane lane, Known known, RoundEnd end) throws Exception {
        long now = now();
        if (lane.reports.due(lane.failures(), end == RoundEnd.YES, now)) {
            OutgoingRecord report = lane.reports.report(known, lane, state.totals(), now);
            output.collect(SyncReports.TAG, new StreamRecord<>(report));
        }
    }

    @Override
    public void call(List<String> called) throws Exception {
        for (String key : called) {
            SyncLane lane = lanes.get(key);
            if (lane != null) {
                pumpOther(lane);
            }
        }
    }

    private void drop(SyncLane lane) throws Exception {
        lanes.remove(lane.key);
        existing.forget(lane, context.organization(lane.target));
        callReleased(lane);
        state.clear();
        parts.close(lane);
    }

    /** The lane of the current key. */
    private SyncLane lane(String key) throws Exception {
        SyncLane lane = lanes.get(key);
        if (lane == null) {
            LaneProgress progress = state.progress();
            lane = parts.lane(key, progress);
            if (progress.equals(LaneProgress.NEW) && lane.target.lanes().since() > 0) {
                // A page of the lanes before may be on its way, and must not come last.
                lane.startAfter = now() + settings.requestTimeout().toMillis();
            }
            lanes.put(key, lane);
        }
        return lane;
    }

    @Override
    public void wake(SyncLane lane, long time) {
        if (time >= lane.wakeAt) {
            return;
        }
        lane.wakeAt = time;
        getProcessingTimeService()
                .registerTimer(
                        Math.max(time, now()),
                        at -> {
                            if (lanes.get(lane.key) == lane && lane.wakeAt == time) {
                                lane.wakeAt = Long.MAX_VALUE;
                                pumpOther(lane);
                            }
                        });
    }

    @Override
    public void mail(ThrowingRunnable<Exception> mail) {
        try {
            mailbox.execute(mail, "sync page ended");
        } catch (RejectedExecutionException e) {
            // The task is over. What was sent will be sent again.
            return;
        }
    }

    private long rowsPending() {
        return lanes.values().stream().mapToLong(lane -> lane.progress.queue().rows()).sum();
    }

    @Override
    public void enter(SyncLane lane) {
        setCurrentKey(lane.key);
    }

    @Override
    public long now() {
        return getProcessingTimeService().getCurrentProcessingTime();
    }

    @Override
    public void close() throws Exception {
        if (parts != null) {
            lanes.values().forEach(parts::close);
            parts.close();
        }
        super.close();
    }
}

package io.webhookdb.connectors.sync;

import io.webhookdb.connectors.control.BroadcastControl;
import io.webhookdb.connectors.kafka.DeadLetters;
import io.webhookdb.connectors.kafka.OutgoingRecord;
import io.webhookdb.connectors.sync.Delivery.Outcome;
import io.webhookdb.connectors.sync.LaneProgress.Round;
import io.webhookdb.connectors.sync.PendingChanges.Page;
import io.webhookdb.connectors.sync.SyncContext.Known;
import io.webhookdb.schemas.control.ControlRecord;
import io.webhookdb.schemas.control.SyncTargetControl;
import io.webhookdb.schemas.deadletter.DeadLetter;
import io.webhookdb.security.keyset.KeysetFolder;
import io.webhookdb.security.keyset.SecretOpener;
import io.webhookdb.security.outbound.OutboundPolicy;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.RejectedExecutionException;
import java.util.stream.Stream;
import org.apache.flink.api.common.operators.MailboxExecutor;
import org.apache.flink.metrics.Counter;
import org.apache.flink.metrics.Gauge;
import org.apache.flink.runtime.state.StateInitializationContext;
import org.apache.flink.runtime.state.VoidNamespace;
import org.apache.flink.streaming.api.operators.AbstractStreamOperator;
import org.apache.flink.streaming.api.operators.StreamOperatorParameters;
import org.apache.flink.streaming.api.operators.TwoInputStreamOperator;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;
import org.apache.flink.util.function.ThrowingRunnable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.MDC;

/**
 * Keeps sync targets equal to their tables.
 *
 * <p>First input: changed rows and notices, keyed by lane (target and shard). Second: control
 * records, broadcast. Output: nothing but dead letters and {@link SyncReports}, beside.
 *
 * <p>All that is pending lies in keyed state, compacted to the newest version per row, and leaves
 * it when the target has acknowledged that version; so a restart repeats pages and loses none. The
 * heap holds only the pages on their way, one per lane and no more than there are threads. Worker
 * threads talk to targets and databases; each end is a mail to the task thread, which alone touches
 * state.
 */
final class SyncOperator extends AbstractStreamOperator<OutgoingRecord>
        implements TwoInputStreamOperator<SyncInput, byte[], OutgoingRecord> {
    private static final long serialVersionUID = 1L;
    private static final Logger LOGGER = LoggerFactory.getLogger(SyncOperator.class);

    private final SyncSettings settings;
    private final String keysets;
    private final transient MailboxExecutor mailbox;

    private transient BroadcastControl control;
    private transient SyncContext context;
    private transient LaneState state;
    private transient PendingChanges pending;
    private transient Map<String, SyncLane> lanes;
    private transient Admission senders;
    private transient Admission readers;
    private transient SyncWorkers workers;
    private transient SyncTargets targets;
    private transient ReplicaPages replica;
    private transient Counter rowsSettled;
    private transient Counter rowsRefused;
    private transient Counter pagesFailed;

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
        senders = new Admission(settings.threads(), settings.perOrganization());
        readers = new Admission(settings.readThreads(), settings.perOrganization());
        workers =
                new SyncWorkers(
                        settings,
                        "sync-" + getRuntimeContext().getTaskInfo().getIndexOfThisSubtask());
        SecretOpener opener = KeysetFolder.open(Path.of(keysets)).connectionsOpener();
        replica = new ReplicaPages(opener, OutboundPolicy.parse(settings.outboundAllow()));
        targets =
                new SyncTargets(
                        opener,
                        OutboundPolicy.parse(settings.outboundAllow()),
                        settings.requestTimeout(),
                        workers.clock());
        rowsSettled = getMetricGroup().counter("rowsSettled");
        rowsRefused = getMetricGroup().counter("rowsRefused");
        pagesFailed = getMetricGroup().counter("pagesFailed");
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
        if (context.isDeleted(input.target())) {
            return;
        }
        SyncLane lane = lane(input.lane());
        lane.progress =
                input.isNotice()
                        ? lane.progress.with(
                                lane.progress.existing().heard(input.router(), input.routers()))
                        : lane.progress.with(
                                pending.add(lane.progress.queue(), input.row(), lane.memory()));
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
            if (!(record.get() instanceof SyncTargetControl target)
                    || target.id().equals(lane.target)) {
                lane.retryNow();
                pumpOther(lane);
            }
        }
    }

    /** Starts whatever the lane may start now, and has itself called when more may. */
    private void pump(SyncLane lane) throws Exception {
        if (context.isDeleted(lane.target)) {
            drop(lane);
            return;
        }
        Optional<Known> known = context.of(lane.target);
        if (known.isPresent()) {
            advance(lane, known.get(), now());
        }
        state.progress(lane.progress);
    }

    private void pumpOther(SyncLane lane) throws Exception {
        setCurrentKey(lane.key);
        pump(lane);
    }

    private void advance(SyncLane lane, Known known, long now) throws Exception {
        lane.progress = lane.progress.with(lane.progress.existing().of(known.generation()));
        boolean mayStart = lane.progress.isReading() || lane.progress.hasReadAll();
        if (!mayStart) {
            return;
        }
        if (!lane.progress.round().isUnderWay() && !startRound(lane, known, now)) {
            return;
        }
        if (lane.progress.isReading() && !lane.reading) {
            read(lane, known, now);
        }
        if (!lane.sending) {
            send(lane, known, now);
        }
    }

    private boolean startRound(SyncLane lane, Known known, long now) {
        SyncTargetControl target = known.target();
        long due =
                SyncSchedule.dueAt(
                        lane.progress.round(), target.periodSeconds(), target.triggersRequested());
        if (due > now && !lane.progress.isReading()) {
            wake(lane, due);
            return false;
        }
        lane.progress =
                lane.progress.with(
                        new Round(
                                now,
                                Math.max(1, lane.progress.queue().tail()),
                                target.triggersRequested()));
        return true;
    }

    private void read(SyncLane lane, Known known, long now) {
        if (lane.readAfter > now) {
            wake(lane, lane.readAfter);
            return;
        }
        if (lane.progress.queue().rows() >= settings.mostPendingWhileReading()
                || !readers.enter(known.target().organization(), lane.key)) {
            return;
        }
        lane.reading = true;
        long cursor = lane.progress.existing().cursor();
        workers.read(
                () -> {
                    try {
                        ReplicaPages.Read read =
                                replica.next(
                                        known.source(),
                                        cursor,
                                        lane.shard,
                                        settings.shards(),
                                        settings.readRows(),
                                        settings.mostPageBytes());
                        mail(() -> ended(lane, known, read, null));
                    } catch (SyncException e) {
                        mail(() -> ended(lane, known, null, e));
                    } catch (RuntimeException e) {
                        SyncException failure =
                                new SyncException(
                                        SyncFailure.CONFIGURATION,
                                        e.getClass().getSimpleName(),
                                        null,
                                        e);
                        mail(() -> ended(lane, known, null, failure));
                    }
                });
    }

    /** A page of existing rows was read, or could not be. */
    private void ended(SyncLane lane, Known known, ReplicaPages.Read read, SyncException failure)
            throws Exception {
        lane.reading = false;
        List<String> called = readers.leave(known.target().organization());
        setCurrentKey(lane.key);
        if (failure != null) {
            lane.readFailures++;
            lane.failure = failure.getMessage();
            lane.reports.news();
            lane.readAfter =
                    now() + SyncSchedule.backoff(failure.failure(), lane.readFailures, settings);
            warn(lane, known, "existing rows cannot be read", failure);
        } else if (lane.progress.isReading()
                && lane.progress.existing().generation().equals(known.generation())) {
            lane.readFailures = 0;
            merge(lane, read);
            lane.reports.news();
        }
        pump(lane);
        report(lane, known, RoundEnd.NO);
        call(called);
    }

    private void merge(SyncLane lane, ReplicaPages.Read read) throws Exception {
        for (SyncRow row : read.rows()) {
            lane.progress =
                    lane.progress.with(pending.add(lane.progress.queue(), row, lane.memory()));
        }
        lane.progress =
                lane.progress.with(lane.progress.existing().read(read.lastPk(), read.isLast()));
        if (lane.progress.hasReadAll()) {
            state.forgetAcknowledged();
            Round round = lane.progress.round();
            lane.progress =
                    lane.progress.with(
                            new Round(
                                    round.startedAt(),
                                    Math.max(1, lane.progress.queue().tail()),
                                    round.triggers()));
        }
    }

    private void send(SyncLane lane, Known known, long now) throws Exception {
        if (lane.sendAfter > now) {
            wake(lane, lane.sendAfter);
            return;
        }
        if (lane.progress.queue().rows() > 0
                && !senders.enter(known.target().organization(), lane.key)) {
            return;
        }
        boolean entered = lane.progress.queue().rows() > 0;
        Page page =
                pending.page(
                        lane.progress.queue(),
                        lane.progress.isReading() ? Long.MAX_VALUE : lane.progress.round().end(),
                        Math.max(1, known.target().pageSize()),
                        settings.mostPageBytes());
        lane.progress = lane.progress.with(page.queue());
        if (page.rows().isEmpty()) {
            List<String> called =
                    entered ? senders.leave(known.target().organization()) : List.of();
            if (lane.progress.hasReadAll() && !lane.reading) {
                endRound(lane, known, now);
            }
            state.progress(lane.progress);
            call(called);
            setCurrentKey(lane.key);
            return;
        }
        lane.sending = true;
        SyncPage rows =
                new SyncPage(
                        known.table(),
                        page.rows(),
                        Instant.ofEpochMilli(lane.progress.round().startedAt()));
        workers.send(
                () -> {
                    Outcome outcome = lane.delivery.deliver(known.target(), known.source(), rows);
                    mail(() -> ended(lane, known, outcome));
                });
    }

    private void endRound(SyncLane lane, Known known, long now) throws Exception {
        lane.progress = lane.progress.with(lane.progress.round().ended());
        workers.send(lane.delivery::rest);
        wake(
                lane,
                Math.max(
                        now,
                        SyncSchedule.dueAt(
                                lane.progress.round(),
                                known.target().periodSeconds(),
                                known.target().triggersRequested())));
        lane.reports.inStep(now);
        report(lane, known, RoundEnd.YES);
    }

    /** A page was sent, as far as it was. */
    private void ended(SyncLane lane, Known known, Outcome outcome) throws Exception {
        lane.sending = false;
        List<String> called = senders.leave(known.target().organization());
        setCurrentKey(lane.key);
        lane.progress =
                lane.progress.with(
                        pending.settle(lane.progress.queue(), outcome.settled(), lane.memory()));
        rowsSettled.inc(outcome.settled().size());
        state.settled(outcome.settled().size());
        lane.reports.settled(outcome.settled(), now());
        outcome.refused().forEach((row, why) -> refuse(known, row, why));
        if (outcome.failure() == null) {
            lane.sendFailures = 0;
        } else {
            pagesFailed.inc();
            lane.sendFailures++;
            lane.failure = outcome.failure().getMessage();
            lane.reports.news();
            lane.sendAfter =
                    now()
                            + SyncSchedule.backoff(
                                    outcome.failure().failure(), lane.sendFailures, settings);
            warn(lane, known, "target does not take rows", outcome.failure());
        }
        report(lane, known, RoundEnd.NO);
        pump(lane);
        call(called);
    }

    private enum RoundEnd {
        YES,
        NO
    }

    /** Tells how the lane stands, if there is something to tell. The lane's key is current. */
    private void report(SyncLane lane, Known known, RoundEnd end) throws Exception {
        long now = now();
        int failures = lane.failures();
        if (lane.reports.due(failures, end == RoundEnd.YES, now)) {
            output.collect(
                    SyncReports.TAG,
                    new StreamRecord<>(
                            lane.reports.report(
                                    known,
                                    lane.progress,
                                    state.settled(),
                                    failures,
                                    failures == 0 ? null : lane.failure,
                                    lane.wakeAt == Long.MAX_VALUE ? 0 : lane.wakeAt,
                                    now)));
        }
    }

    private void refuse(Known known, SyncRow row, SyncException why) {
        rowsRefused.inc();
        output.collect(
                DeadLetters.TAG,
                new StreamRecord<>(
                        DeadLetters.encoded(
                                new DeadLetter(
                                        "",
                                        -1,
                                        -1,
                                        row.parsedVersion().eventId().toString(),
                                        known.target().organization(),
                                        known.target().integration(),
                                        row.key(),
                                        DeadLetter.Reason.REFUSED_BY_DATABASE,
                                        "Sync target "
                                                + known.target().id()
                                                + ": "
                                                + why.getMessage(),
                                        why.sqlState(),
                                        1,
                                        DeadLetters.nowMicros()))));
    }

    private static void warn(SyncLane lane, Known known, String what, SyncException why) {
        long organization = known.target().organization();
        MDC.put("organization", Long.toString(organization));
        try {
            LOGGER.warn(
                    "Organization {}, sync target {}: {}, {} failure, tried again later: {}",
                    organization,
                    lane.target,
                    what,
                    why.failure(),
                    why.getMessage());
        } finally {
            MDC.remove("organization");
        }
    }

    private void call(List<String> called) throws Exception {
        for (String key : called) {
            SyncLane lane = lanes.get(key);
            if (lane != null) {
                pumpOther(lane);
            }
        }
    }

    private void drop(SyncLane lane) {
        lanes.remove(lane.key);
        state.clear();
        workers.send(lane.delivery::rest);
    }

    /** The lane of the current key. */
    private SyncLane lane(String key) throws Exception {
        SyncLane lane = lanes.get(key);
        if (lane == null) {
            lane = new SyncLane(key, state.progress(), new Delivery(targets, replica));
            lanes.put(key, lane);
        }
        return lane;
    }

    private void wake(SyncLane lane, long time) {
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

    private void mail(ThrowingRunnable<Exception> mail) {
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

    private long now() {
        return getProcessingTimeService().getCurrentProcessingTime();
    }

    @Override
    public void close() throws Exception {
        if (workers != null) {
            lanes.values().forEach(lane -> workers.send(lane.delivery::rest));
            workers.close();
        }
        super.close();
    }
}

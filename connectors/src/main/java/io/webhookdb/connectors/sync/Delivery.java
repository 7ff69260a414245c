package io.webhookdb.connectors.sync;

import io.webhookdb.schemas.control.SyncColumns;
import io.webhookdb.schemas.control.SyncTargetControl;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.UnaryOperator;

/**
 * One lane's way to its target, on worker threads. Completes truncated rows, sends, and finds a row
 * the target refuses by halving the page.
 */
final class Delivery {
    private final Opener targets;
    private final ReplicaPages replica;
    private final PageDeadline deadline;
    private SyncTargetControl openedFor;
    private SyncTarget target;
    private ColumnMask mask;

    private final Suspects suspects = new Suspects();

    /** Makes a target of its control record. */
    interface Opener {
        SyncTarget open(SyncTargetControl control) throws SyncException;

        /** Key of the hashes of masked columns; empty where nothing is hashed. */
        default byte[] hashKey(SyncTargetControl control) {
            return new byte[0];
        }
    }

    /**
     * What became of a page.
     *
     * @param settled rows that need not be sent again, in the version they were handed over
     * @param refused those of them the target will never take, with the reason
     * @param failure why the rest was not sent; null if there is no rest
     */
    record Outcome(
            List<SyncRow> settled, Map<SyncRow, SyncException> refused, SyncException failure) {}

    Delivery(Opener targets, ReplicaPages replica, PageDeadline deadline) {
        this.targets = targets;
        this.replica = replica;
        this.deadline = deadline;
    }

    synchronized Outcome deliver(
            SyncTargetControl control, ReplicaPages.Source source, SyncPage page) {
        Outcome outcome = new Outcome(new ArrayList<>(), new HashMap<>(), null);
        try {
            open(control);
            UnaryOperator<SyncRow> form = form(source, page);
            SyncPage shown = new SyncPage(mask.table(page.table()), List.of(), page.startedAt());
            suspects.begin();
            return suspects.judge(deliver(shown, page.rows(), form, outcome));
        } catch (SyncException e) {
            return new Outcome(outcome.settled(), outcome.refused(), e);
        } catch (RuntimeException | LinkageError e) {
            return new Outcome(
                    outcome.settled(),
                    outcome.refused(),
                    new SyncException(
                            SyncFailure.TRANSIENT, e.getClass().getSimpleName(), null, e));
        }
    }

    synchronized void rest() {
        if (target != null) {
            target.rest();
        }
    }

    /** Gives up the target. */
    synchronized void close() {
        if (target != null) {
            target.close();
            target = null;
            openedFor = null;
        }
    }

    private void open(SyncTargetControl control) throws SyncException {
        boolean same =
                openedFor != null
                        && openedFor.kind() == control.kind()
                        && openedFor
                                .connectionUrlCiphertext()
                                .equals(control.connectionUrlCiphertext());
        if (!same) {
            close();
            openedFor = null;
            target = targets.open(control);
        }
        SyncColumns columns = control.settings().columns();
        if (mask == null || openedFor == null || !openedFor.settings().columns().equals(columns)) {
            mask = new ColumnMask(columns, targets.hashKey(control));
        }
        openedFor = control;
    }

    private Outcome deliver(
            SyncPage page, List<SyncRow> part, UnaryOperator<SyncRow> form, Outcome so)
            throws SyncException {
        List<SyncRow> rows = part.stream().map(form).filter(Objects::nonNull).toList();
        try {
            if (!rows.isEmpty()) {
                inTime(page.with(rows));
                suspects.passed();
            }
            so.settled().addAll(part);
            return so;
        } catch (SyncException e) {
            if (!suspects.takesApart(e.failure())) {
                return new Outcome(so.settled(), so.refused(), e);
            }
            if (part.size() == 1) {
                if (suspects.condemns(part.get(0), e)) {
                    so.settled().addAll(part);
                    so.refused().put(part.get(0), e);
                }
                return so;
            }
        }
        int middle = part.size() / 2;
        List<SyncRow> half = part.subList(0, middle);
        List<SyncRow> other = part.subList(middle, part.size());
        // Where the first rows seem to show that nothing fits, the last ones may show otherwise.
        boolean isLastFirst = suspects.doubtsTarget();
        Outcome first = deliver(page, isLastFirst ? other : half, form, so);
        return first.failure() != null
                ? first
                : deliver(page, isLastFirst ? half : other, form, first);
    }

    private void inTime(SyncPage page) throws SyncException {
        PageDeadline.Watch watch = deadline.watch(target);
        try {
            target.deliver(page);
        } catch (SyncException e) {
            throw watch.hasPassed() ? deadline.passed(e) : e;
        } finally {
            watch.end();
        }
    }

    /** Each row as it is to be sent; a truncated one that is gone by now is null. */
    private UnaryOperator<SyncRow> form(ReplicaPages.Source source, SyncPage page)
            throws SyncException {
        List<String> keys =
                page.rows().stream().filter(SyncRow::isTruncated).map(SyncRow::key).toList();
        Map<String, SyncRow> read = new HashMap<>();
        if (!keys.isEmpty()) {
            replica.byKey(source, keys).forEach(row -> read.put(row.key(), row));
        }
        return row -> {
            SyncRow whole = row.isTruncated() ? read.get(row.key()) : row;
            return whole == null ? null : mask.row(page.table(), whole.in(row.trace()));
        };
    }
}

package io.webhookdb.connectors.backfill;

import io.webhookdb.connectors.backfill.BackfillDirectory.Known;
import io.webhookdb.connectors.backfill.RunState.Phase;
import io.webhookdb.schemas.catalog.Backfill;
import io.webhookdb.schemas.catalog.BackfillIncremental;
import io.webhookdb.schemas.catalog.Setup.StoredField;
import io.webhookdb.schemas.control.BackfillControl.Extent;
import io.webhookdb.schemas.status.BackfillProgress.State;
import java.util.Locale;
import java.util.Optional;

/** How a run begins: whether it may, from when, and with what. */
final class RunStart {
    /** What a fetched object may be older than its request; see the version rule of the rows. */
    private static final long STALENESS_MICROS = 5_000_000;

    private final BackfillState state;
    private final Host host;

    RunStart(BackfillState state, Host host) {
        this.state = state;
        this.host = host;
    }

    /** Refuses what lacks something that a person has to give. */
    static void check(Known known) throws ApiException {
        if (known.backfill() == null) {
            throw new ApiException(
                    ApiFailure.CONFIGURATION, known.service().name() + " cannot be fetched.");
        }
        Optional<StoredField> missing = known.access().missing(known.backfill());
        if (missing.isPresent() && known.backfill().derived() == null) {
            throw new ApiException(
                    ApiFailure.CONFIGURATION,
                    "No "
                            + missing.get().name().toLowerCase(Locale.ROOT)
                            + " is stored for "
                            + known.service().name()
                            + ".");
        }
    }

    /** Begins a run that has waited for its turn. */
    void begin(Account account, OrderState order, RunState run, Known known) throws Exception {
        Backfill backfill = known.backfill();
        run.begunAtMicros = host.now() * 1000;
        if (run.single) {
            run.phase = Phase.LISTINGS;
            state.put(run);
            return;
        }
        // Refused here if it asks for what the service cannot do.
        order.criteria(run.integration, known.service());
        run.watermarkMicros = watermark(account, order, run, known);
        if (order.isRestricted() && !run.integration.equals(order.integration)) {
            // What depends on rows gets those that the order brought, not all of the table.
            begin(run, backfill);
        } else if (backfill.fanOut() != null || backfill.derived() != null) {
            run.phase = Phase.TABLE;
        } else {
            run.phase = Phase.LISTINGS;
            run.listings.add(Position.first(null, run.watermarkMicros));
        }
        state.put(run);
        if (order.startedAtMillis == 0) {
            order.startedAtMillis = host.now();
            order.state = State.RUNNING;
            state.put(order);
            host.report(Reports.of(order, host.now()));
        }
    }

    private static void begin(RunState run, Backfill dependent) {
        run.phase = dependent.fanOut() == null ? Phase.LISTINGS : Phase.LISTED;
        if (dependent.fanOut() == null && dependent.derived() == null) {
            run.listings.add(Position.first(null, null));
        }
    }

    private static Long watermark(Account account, OrderState order, RunState run, Known known) {
        IntegrationNote note = account.integration(run.integration);
        BackfillIncremental incremental = known.backfill().incremental();
        if (run.extent == Extent.FULL
                || order.isRestricted()
                || incremental.style() == BackfillIncremental.Style.NONE
                || incremental.ofRows()
                || note.completeFromMicros() == 0
                || note.epoch() != known.integration().epoch()) {
            return null;
        }
        int overlap = incremental.overlapSeconds() == null ? 0 : incremental.overlapSeconds();
        return note.completeFromMicros() - STALENESS_MICROS - overlap * 1_000_000L;
    }
}

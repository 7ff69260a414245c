package io.webhookdb.connectors.backfill;

import io.webhookdb.schemas.status.BackfillProgress.State;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/** What becomes of a run that cannot go on: it waits, or it has ended. */
final class RunFailures {
    private static final Duration UNTOLD_WAIT = Duration.ofSeconds(30);
    private static final int MOST_UNREADABLE = 4;

    private final BackfillSettings settings;
    private final BackfillState state;
    private final Host host;

    RunFailures(BackfillSettings settings, BackfillState state, Host host) {
        this.settings = settings;
        this.state = state;
        this.host = host;
    }

    /**
     * Notes a failure, and when it is worth trying again.
     *
     * @param access whose credentials the message may quote; null: nobody's
     * @return what the run has ended of; empty if it goes on later
     */
    Optional<String> met(Account account, RunState run, Access access, ApiException why)
            throws Exception {
        String message =
                access == null ? why.getMessage() : access.withoutSecrets(why.getMessage());
        OrderState order = account.orders.get(run.order);
        long now = host.now();
        switch (why.failure()) {
            case CONFIGURATION, REVOKED -> {
                return Optional.of(message);
            }
            case WAIT -> {
                Instant told = why.retryAt();
                long until = told == null ? now + UNTOLD_WAIT.toMillis() : told.toEpochMilli();
                account.note = account.note.quiet(until);
                state.put(account.note);
                order.state = State.WAITING_FOR_VENDOR;
                host.wake(account, until);
            }
            case TRANSIENT, UNREADABLE -> {
                run.failures++;
                if (isHopeless(run, why)) {
                    return Optional.of(message);
                }
                run.waitUntilMillis =
                        now
                                + Schedules.backoff(
                                        run.failures,
                                        settings.firstWait(),
                                        settings.longestWait(),
                                        now ^ run.id.hashCode());
                state.put(run);
                host.wake(account, run.waitUntilMillis);
            }
        }
        order.waiting = message;
        state.put(order);
        host.report(Reports.of(order, now));
        return Optional.empty();
    }

    private boolean isHopeless(RunState run, ApiException why) {
        return run.failures > settings.mostFailures()
                || (why.failure() == ApiFailure.UNREADABLE && run.failures > MOST_UNREADABLE);
    }
}

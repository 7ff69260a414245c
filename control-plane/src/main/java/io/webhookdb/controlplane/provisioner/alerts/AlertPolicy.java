package io.webhookdb.controlplane.provisioner.alerts;

import java.util.Map;
import java.util.Optional;

/** When people are told. Pure. */
final class AlertPolicy {
    /** Fewer rejected requests within the window are noise: scanners, a test by hand. */
    static final long REJECTED_LEAST = 10;

    /** One in so many has to be rejected. */
    static final long REJECTED_ONE_IN = 5;

    static final long DEAD_LEAST = 10;

    static final int SYNC_FAILURES = 5;

    private AlertPolicy() {}

    /**
     * What came in for an integration within the last {@value AlertWatch#WINDOW_MINUTES} minutes.
     *
     * @param dead dead letters that nobody has retried
     */
    record Traffic(
            long organization,
            String integration,
            String service,
            long received,
            long rejected,
            long dead) {}

    /**
     * How one shard of a sync target does.
     *
     * @param failures attempts that failed in a row
     * @param failure the last, without secrets
     */
    record Sync(
            long organization, String target, String integration, int failures, String failure) {}

    static Optional<Alert> rejected(Traffic traffic) {
        long all = traffic.received() + traffic.rejected();
        if (traffic.rejected() < REJECTED_LEAST || traffic.rejected() * REJECTED_ONE_IN < all) {
            return Optional.empty();
        }
        return Optional.of(
                new Alert(
                        AlertKind.REJECTED_WEBHOOKS,
                        traffic.organization(),
                        traffic.integration(),
                        traffic.integration(),
                        "Webhooks of " + traffic.service() + " are rejected",
                        traffic.rejected()
                                + " of the last "
                                + all
                                + " webhooks for "
                                + traffic.service()
                                + " ("
                                + traffic.integration()
                                + ") were rejected, because they carry no valid signature. If the"
                                + " webhook secret is wrong, set it with `webhookdb integrations"
                                + " reset "
                                + traffic.integration()
                                + "` and process them again with `webhookdb replay "
                                + traffic.integration()
                                + " --requests rejected`.",
                        Map.of(
                                "service_name", traffic.service(),
                                "opaque_id", traffic.integration(),
                                "rejected", traffic.rejected(),
                                "received", traffic.received())));
    }

    static Optional<Alert> dead(Traffic traffic) {
        if (traffic.dead() < DEAD_LEAST) {
            return Optional.empty();
        }
        return Optional.of(
                new Alert(
                        AlertKind.DEAD_LETTERS,
                        traffic.organization(),
                        traffic.integration(),
                        traffic.integration(),
                        "Webhooks of " + traffic.service() + " cannot become rows",
                        traffic.dead()
                                + " webhooks for "
                                + traffic.service()
                                + " ("
                                + traffic.integration()
                                + ") could not become rows within the last "
                                + AlertWatch.WINDOW_MINUTES
                                + " minutes. See `webhookdb dead-letters list "
                                + traffic.integration()
                                + "`.",
                        Map.of(
                                "service_name", traffic.service(),
                                "opaque_id", traffic.integration(),
                                "dead", traffic.dead())));
    }

    static Optional<Alert> failing(Sync sync) {
        if (sync.failures() < SYNC_FAILURES) {
            return Optional.empty();
        }
        String failure = sync.failure() == null ? "" : sync.failure();
        return Optional.of(
                new Alert(
                        AlertKind.FAILING_SYNC,
                        sync.organization(),
                        sync.integration(),
                        sync.target(),
                        "Sync target " + sync.target() + " fails",
                        "The last "
                                + sync.failures()
                                + " attempts to sync "
                                + sync.integration()
                                + " to "
                                + sync.target()
                                + " failed: "
                                + failure
                                + " It is tried again, and nothing is lost meanwhile.",
                        Map.of(
                                "sync_target", sync.target(),
                                "opaque_id", sync.integration(),
                                "failures", sync.failures(),
                                "failure", failure)));
    }
}

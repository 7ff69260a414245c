package io.webhookdb.controlplane.provisioner.alerts;

import io.webhookdb.schemas.status.BackfillProgress;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/** What a backfill that failed for good is told as. Pure. */
public final class BackfillAlerts {
    private static final Pattern CREDENTIALS = Pattern.compile("\\b(401|403)\\b");

    private BackfillAlerts() {}

    /** Empty unless it failed. */
    public static Optional<Alert> of(BackfillProgress progress) {
        if (progress.state() != BackfillProgress.State.FAILED) {
            return Optional.empty();
        }
        String failure = progress.failure() == null ? "" : progress.failure();
        boolean credentials = CREDENTIALS.matcher(failure).find();
        return Optional.of(
                new Alert(
                        credentials ? AlertKind.REVOKED_CREDENTIALS : AlertKind.FAILING_BACKFILL,
                        progress.organization(),
                        progress.integration(),
                        progress.integration(),
                        credentials
                                ? "Credentials of " + progress.integration() + " are refused"
                                : "A backfill of " + progress.integration() + " failed",
                        "The backfill "
                                + progress.run()
                                + " of "
                                + progress.integration()
                                + " failed: "
                                + failure
                                + (credentials
                                        ? " Set new credentials with `webhookdb backfill reset "
                                                + progress.integration()
                                                + "`."
                                        : " Start it again with `webhookdb backfill "
                                                + progress.integration()
                                                + "`."),
                        Map.of(
                                "opaque_id", progress.integration(),
                                "backfill", progress.run(),
                                "items", progress.items(),
                                "failure", failure)));
    }
}

package io.webhookdb.controlplane.provisioner.alerts;

import io.webhookdb.schemas.status.BackfillProgress;
import io.webhookdb.schemas.status.BackfillProgress.Request;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/** What a backfill that failed for good is told as. Pure. */
public final class BackfillAlerts {
    private static final Pattern CREDENTIALS = Pattern.compile("\\b(401|403)\\b");

    private static final String UNKNOWN = "<unknown>";

    private BackfillAlerts() {}

    /**
     * What is known of an integration beside its opaque id.
     *
     * @param friendlyName one of its resources, "Stripe Customer"
     */
    public record Subject(String serviceName, String friendlyName) {}

    /** Empty unless it failed. */
    public static Optional<Alert> of(BackfillProgress progress, Subject subject) {
        if (progress.state() != BackfillProgress.State.FAILED) {
            return Optional.empty();
        }
        String failure = progress.failure() == null ? "" : progress.failure();
        boolean credentials = CREDENTIALS.matcher(failure).find();
        return Optional.of(
                new Alert(
                        AlertKind.FAILING_BACKFILL,
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
                        details(progress, subject, failure)));
    }

    /** Without an answer the status is 0 and the answer what else went wrong. */
    private static Map<String, Object> details(
            BackfillProgress progress, Subject subject, String failure) {
        Request request = progress.request();
        boolean answered = request != null && request.status() != 0;
        Map<String, Object> details = new LinkedHashMap<>();
        details.put("friendly_name", subject.friendlyName());
        details.put("service_name", subject.serviceName());
        details.put("opaque_id", progress.integration());
        details.put("request_method", answered ? request.method() : UNKNOWN);
        details.put("request_url", answered ? request.url() : UNKNOWN);
        details.put("response_status", answered ? request.status() : 0);
        details.put("response_body", answered ? request.body() : failure);
        details.put("backfill", progress.run());
        details.put("items", progress.items());
        details.put("failure", failure);
        return details;
    }
}

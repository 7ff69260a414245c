package io.webhookdb.controlplane.api.onward;

import io.webhookdb.controlplane.api.http.Listing;
import io.webhookdb.controlplane.api.http.Paths;
import io.webhookdb.controlplane.api.http.Request;
import io.webhookdb.controlplane.api.http.Router;
import io.webhookdb.controlplane.api.integrations.Integration;
import io.webhookdb.controlplane.api.integrations.IntegrationDirectory;
import io.webhookdb.controlplane.api.organizations.Access;
import io.webhookdb.controlplane.api.organizations.Organization;
import io.webhookdb.schemas.control.SyncTargetControl;
import io.webhookdb.schemas.control.SyncTargetSettings;
import io.webhookdb.schemas.control.SyncTargetSettings.Sending;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;

/** Beyond the contract: how sync targets stand, and pausing, resuming and repeating them. */
public final class SyncTargetControls {
    private static final List<List<String>> HEADERS =
            List.of(
                    List.of("target", "Target"),
                    List.of("table", "Table"),
                    List.of("state", "State"),
                    List.of("rows", "Rows"),
                    List.of("bytes", "Bytes"),
                    List.of("pending", "Pending"),
                    List.of("lag", "Lag"),
                    List.of("last_success", "Last Success"),
                    List.of("last_error", "Last Error"),
                    List.of("last_error_at", "Last Error At"),
                    List.of("next_run", "Next Run"));

    private final SyncTargetRoutes.Family family;
    private final Access access;
    private final IntegrationDirectory integrations;
    private final SyncTargetProgress progress;
    private final SyncTargetDirectory directory;

    SyncTargetControls(
            SyncTargetRoutes.Family family,
            Access access,
            IntegrationDirectory integrations,
            SyncTargetProgress progress,
            SyncTargetDirectory directory) {
        this.family = family;
        this.access = access;
        this.integrations = integrations;
        this.progress = progress;
        this.directory = directory;
    }

    void addTo(Router router) {
        String all = Paths.SYNC_TARGETS + "/" + family.path();
        String one = all + "/{" + Paths.ID + "}";
        router.get(all + "/status", this::status)
                .post(
                        one + "/pause",
                        request ->
                                changed(
                                        request,
                                        now -> now.sending(Sending.PAUSED),
                                        "Nothing is sent until you resume. Changed rows wait, one"
                                                + " version of each."))
                .post(
                        one + "/resume",
                        request ->
                                changed(
                                        request,
                                        now -> now.sending(Sending.ON),
                                        "Rows are sent again, those that waited first."))
                .post(
                        one + "/resync",
                        request ->
                                changed(
                                        request,
                                        SyncTargetSettings::again,
                                        "All rows are sent once more, while changes go on."));
    }

    private Object changed(
            Request request, UnaryOperator<SyncTargetSettings> change, String message) {
        Organization organization = access.admin(request).organization();
        return directory.change(
                request,
                organization,
                record -> record.wanting(change.apply(record.settings())),
                message);
    }

    private Object status(Request request) {
        Organization organization = access.member(request).organization();
        Map<String, Integration> known = integrations.all(organization);
        String wanted = request.text("target");
        Instant now = Instant.now();
        Map<String, SyncTargetControl> targets =
                directory.all(organization).stream()
                        .map(found -> found.record())
                        .filter(record -> wanted.isEmpty() || record.id().equals(wanted))
                        .collect(
                                java.util.stream.Collectors.toMap(
                                        SyncTargetControl::id,
                                        UnaryOperator.identity(),
                                        (a, b) -> a,
                                        java.util.LinkedHashMap::new));
        Map<String, List<SyncTargetProgress.TableProgress>> reported =
                progress.tables(organization.id());
        List<SyncTargetStatus> rows =
                targets.values().stream()
                        .flatMap(
                                target ->
                                        SyncTargetStatus.of(
                                                target,
                                                reported.getOrDefault(target.id(), List.of()),
                                                known,
                                                now))
                        .toList();
        return Listing.of(
                rows,
                rows.isEmpty()
                        ? "There is nothing to tell yet. Run `webhookdb "
                                + family.command()
                                + " list`."
                        : "",
                HEADERS);
    }
}

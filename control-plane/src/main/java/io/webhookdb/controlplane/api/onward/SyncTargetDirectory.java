package io.webhookdb.controlplane.api.onward;

import io.webhookdb.controlplane.api.http.ApiException;
import io.webhookdb.controlplane.api.http.Paths;
import io.webhookdb.controlplane.api.http.Request;
import io.webhookdb.controlplane.api.integrations.Integration;
import io.webhookdb.controlplane.api.integrations.IntegrationDirectory;
import io.webhookdb.controlplane.api.organizations.Organization;
import io.webhookdb.controlplane.api.provisioned.Entities;
import io.webhookdb.controlplane.database.ControlDocuments.Document;
import io.webhookdb.controlplane.database.Ended;
import io.webhookdb.schemas.control.SyncTargetControl;
import java.util.List;
import java.util.function.UnaryOperator;

/** The sync targets of one family, as its endpoints find and change them. */
final class SyncTargetDirectory {
    /** Instead of an integration: all of the organization's, later ones included. */
    static final String WHOLE_ORGANIZATION = "org";

    private static final String KIND = "sync_target";
    private static final Class<SyncTargetControl> TYPE = SyncTargetControl.class;

    private final SyncTargetRoutes.Family family;
    private final IntegrationDirectory integrations;
    private final Entities entities;

    SyncTargetDirectory(
            SyncTargetRoutes.Family family, IntegrationDirectory integrations, Entities entities) {
        this.family = family;
        this.integrations = integrations;
        this.entities = entities;
    }

    /** All of them, the oldest first. */
    List<Document<SyncTargetControl>> all(Organization organization) {
        return entities.all(organization.id(), KIND, TYPE).stream()
                .filter(found -> family.has(found.record()))
                .toList();
    }

    /** The one the path names; 403 if there is none. */
    Document<SyncTargetControl> find(Request request, Organization organization) {
        return entities.find(organization.id(), key(request), TYPE)
                .filter(found -> family.has(found.record()))
                .orElseThrow(() -> unknown(request, organization));
    }

    Entities.Changed<SyncTargetControl> create(
            Organization organization, SyncTargetControl record, String shown) {
        return entities.create(organization.id(), record.integration(), record, shown);
    }

    /** Changes the one the path names and tells it with that message. */
    SyncTargetView change(
            Request request,
            Organization organization,
            UnaryOperator<SyncTargetControl> change,
            String message) {
        return changeDocument(
                request, organization, found -> with(found, change.apply(found.record())), message);
    }

    SyncTargetView changeDocument(
            Request request,
            Organization organization,
            UnaryOperator<Document<SyncTargetControl>> change,
            String message) {
        Document<SyncTargetControl> known = find(request, organization);
        Entities.Changed<SyncTargetControl> changed =
                entities.change(organization.id(), known.record().key(), TYPE, change)
                        .orElseThrow(() -> unknown(request, organization));
        return SyncTargetView.of(
                changed.document(), integration(organization, known), message + changed.note());
    }

    /** Ends it; the answer's note. */
    String delete(Request request, Organization organization) {
        return entities.delete(organization.id(), key(request), TYPE, Ended::target)
                .orElseThrow(() -> unknown(request, organization))
                .note();
    }

    /** Its integration; null if it takes them all. */
    Integration integration(Organization organization, Document<SyncTargetControl> found) {
        return found.record().takesAllIntegrations()
                ? null
                : integrations.one(organization, found.record().integration());
    }

    /** The integration a request names; null if it names all of them. */
    Integration named(Request request, Organization organization) {
        String identifier = request.text(Paths.INTEGRATION);
        if (identifier.isEmpty()) {
            throw ApiException.validation(Paths.INTEGRATION, "is missing");
        }
        return identifier.equals(WHOLE_ORGANIZATION)
                ? null
                : integrations.one(organization, identifier);
    }

    static Document<SyncTargetControl> with(
            Document<SyncTargetControl> found, SyncTargetControl record) {
        return new Document<>(found.id(), record, found.shown(), found.createdAt());
    }

    private static String key(Request request) {
        return KIND + "/" + request.text(Paths.ID);
    }

    private ApiException unknown(Request request, Organization organization) {
        return ApiException.permission(
                "There is no sync target "
                        + request.text(Paths.ID)
                        + " of this kind in "
                        + organization.name()
                        + ". Run `webhookdb "
                        + family.command()
                        + " list`.");
    }
}

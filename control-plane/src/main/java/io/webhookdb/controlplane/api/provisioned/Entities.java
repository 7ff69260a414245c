package io.webhookdb.controlplane.api.provisioned;

import io.webhookdb.controlplane.api.http.ApiException;
import io.webhookdb.controlplane.database.ControlDocuments;
import io.webhookdb.controlplane.database.ControlDocuments.Document;
import io.webhookdb.schemas.control.ControlRecord;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.jdbi.v3.core.Jdbi;

/** Entities that are their own control record, as endpoints use them. */
public final class Entities {
    private final Jdbi jdbi;
    private final Provisioned provisioned;

    public Entities(Jdbi jdbi, Provisioned provisioned) {
        this.jdbi = jdbi;
        this.provisioned = provisioned;
    }

    /**
     * A change and whether it has taken effect.
     *
     * @param note to be added to the message of the answer
     */
    public record Changed<T extends ControlRecord>(Document<T> document, String note) {}

    /** Stores a new one and waits for its effect; 403 if its integration has ended. */
    public <T extends ControlRecord> Changed<T> create(
            long organization, String integration, T record, String shown) {
        return settled(
                jdbi.inTransaction(
                                handle ->
                                        ControlDocuments.create(
                                                handle, organization, integration, record, shown))
                        .orElseThrow(
                                () ->
                                        ApiException.permission(
                                                "There is no integration "
                                                        + integration
                                                        + " any more.")));
    }

    /** All of a kind that are in use, the oldest first. */
    public <T extends ControlRecord> List<Document<T>> all(
            long organization, String kind, Class<T> type) {
        return jdbi.withHandle(handle -> ControlDocuments.all(handle, organization, kind, type));
    }

    /** One of {@code kind/id}; empty if there is none. */
    public <T extends ControlRecord> Optional<Document<T>> find(
            long organization, String key, Class<T> type) {
        return jdbi.withHandle(handle -> ControlDocuments.find(handle, organization, key, type));
    }

    /** Changes one and waits for the effect; empty if there is none. */
    public <T extends ControlRecord> Optional<Changed<T>> change(
            long organization, String key, Class<T> type, UnaryOperator<Document<T>> change) {
        return jdbi.inTransaction(
                        handle -> ControlDocuments.change(handle, organization, key, type, change))
                .map(this::settled);
    }

    /** Ends one and waits for the effect; empty if there is none. */
    public <T extends ControlRecord> Optional<Changed<T>> delete(
            long organization, String key, Class<T> type, UnaryOperator<T> ended) {
        return jdbi.inTransaction(
                        handle -> ControlDocuments.delete(handle, organization, key, type, ended))
                .map(this::settled);
    }

    private <T extends ControlRecord> Changed<T> settled(Document<T> document) {
        return new Changed<>(document, provisioned.awaitDocument(document.id()).note());
    }
}

package io.webhookdb.schemas.control;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;

/**
 * One entity of the control topic. Written only by the provisioner, read by ingest and every job.
 *
 * <p>A record is applied only if its revision is larger than the one known for its key. Deletion is
 * a record in state {@link State#DELETED}, never a missing one.
 */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "kind")
@JsonSubTypes({
    @JsonSubTypes.Type(value = OrganizationControl.class, name = "organization"),
    @JsonSubTypes.Type(value = IntegrationControl.class, name = "integration"),
    @JsonSubTypes.Type(value = DefinitionControl.class, name = "definition"),
    @JsonSubTypes.Type(value = SubscriptionControl.class, name = "subscription"),
    @JsonSubTypes.Type(value = SyncTargetControl.class, name = "sync_target"),
    @JsonSubTypes.Type(value = ErrorHandlerControl.class, name = "error_handler"),
    @JsonSubTypes.Type(value = BackfillControl.class, name = "backfill"),
    @JsonSubTypes.Type(value = ReplayControl.class, name = "replay"),
    @JsonSubTypes.Type(value = RotationControl.class, name = "rotation"),
    @JsonSubTypes.Type(value = RecoveryControl.class, name = "recovery"),
    @JsonSubTypes.Type(value = ControlHeartbeat.class, name = "heartbeat")
})
public sealed interface ControlRecord
        permits OrganizationControl,
                IntegrationControl,
                DefinitionControl,
                SubscriptionControl,
                SyncTargetControl,
                ErrorHandlerControl,
                BackfillControl,
                ReplayControl,
                RotationControl,
                RecoveryControl,
                ControlHeartbeat {

    /** Key on the compacted topic: kind, slash, id. */
    @JsonIgnore
    String key();

    /** Grows with every change of the entity. */
    long revision();

    /** Whether the entity is in use. */
    enum State {
        ACTIVE,
        DELETED
    }
}

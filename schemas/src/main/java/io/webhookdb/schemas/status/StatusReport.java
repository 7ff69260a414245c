package io.webhookdb.schemas.status;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;

/**
 * What a job or ingest tells the control plane, on {@code status.v1}. Jobs never write control
 * records: they report, and the control plane decides.
 *
 * <p>Every report may arrive more than once and after a crash again with newer content, so each is
 * either a whole state that replaces an earlier one of its {@link #key()} or carries an identity of
 * its own. None holds a payload, or a secret in clear.
 */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "kind")
@JsonSubTypes({
    @JsonSubTypes.Type(value = DeliveryAttempt.class, name = "delivery_attempt"),
    @JsonSubTypes.Type(value = IntegrationMinute.class, name = "integration_minute"),
    @JsonSubTypes.Type(value = RecentRequests.class, name = "recent_requests"),
    @JsonSubTypes.Type(value = BackfillProgress.class, name = "backfill_progress"),
    @JsonSubTypes.Type(value = RunRepairs.class, name = "run_repairs"),
    @JsonSubTypes.Type(value = ReplayProgress.class, name = "replay_progress"),
    @JsonSubTypes.Type(value = RecoveryProgress.class, name = "recovery_progress"),
    @JsonSubTypes.Type(value = SyncProgress.class, name = "sync_progress"),
    @JsonSubTypes.Type(value = EpochReached.class, name = "epoch_reached"),
    @JsonSubTypes.Type(value = KeysetsRead.class, name = "keysets_read"),
    @JsonSubTypes.Type(value = SecretLearned.class, name = "secret_learned")
})
public sealed interface StatusReport
        permits DeliveryAttempt,
                IntegrationMinute,
                RecentRequests,
                BackfillProgress,
                RunRepairs,
                ReplayProgress,
                RecoveryProgress,
                SyncProgress,
                EpochReached,
                KeysetsRead,
                SecretLearned {

    /** Kafka key: reports of one key keep their order. */
    @JsonIgnore
    String key();
}

package io.webhookdb.schemas.control;

import com.fasterxml.jackson.annotation.JsonProperty;

/**
 * One sync target: the rows of an integration's table are kept equal elsewhere.
 *
 * @param id opaque id, {@code syt_...}
 * @param organization numeric id of its organization
 * @param revision grows with every change
 * @param state active or deleted
 * @param integration opaque id of the integration whose table is synced; null for every integration
 *     of the organization
 * @param kind what the rows are sent to; another name in JSON, where {@code kind} is that of the
 *     record
 * @param connectionUrlCiphertext base64, the whole connection URL with its credentials, encrypted
 *     for the <em>connections</em> keyset under {@link #connectionUrlContext(String)}
 * @param schema schema of the target table; empty for the target's default
 * @param table target table; empty for the name of the source table
 * @param pageSize rows in one request or batch
 * @param periodSeconds seconds between two syncs
 * @param triggersRequested how many syncs out of turn were asked for so far; a growth starts one
 *     now
 * @param settings how the rows are wanted; {@link SyncTargetSettings#STANDARD} where none are given
 */
public record SyncTargetControl(
        String id,
        long organization,
        long revision,
        State state,
        String integration,
        @JsonProperty("target_kind") Kind kind,
        String connectionUrlCiphertext,
        String schema,
        String table,
        int pageSize,
        int periodSeconds,
        long triggersRequested,
        SyncTargetSettings settings)
        implements ControlRecord {

    public SyncTargetControl {
        settings = settings == null ? SyncTargetSettings.STANDARD : settings;
    }

    /** With the usual settings. */
    public SyncTargetControl(
            String id,
            long organization,
            long revision,
            State state,
            String integration,
            Kind kind,
            String connectionUrlCiphertext,
            String schema,
            String table,
            int pageSize,
            int periodSeconds,
            long triggersRequested) {
        this(
                id,
                organization,
                revision,
                state,
                integration,
                kind,
                connectionUrlCiphertext,
                schema,
                table,
                pageSize,
                periodSeconds,
                triggersRequested,
                SyncTargetSettings.STANDARD);
    }

    /** What the rows are sent to. */
    public enum Kind {
        HTTP,
        POSTGRES,
        REDSHIFT,
        SNOWFLAKE,
        KAFKA,
        SQS
    }

    /** Associated data under which {@link #connectionUrlCiphertext()} is encrypted. */
    public static String connectionUrlContext(String target) {
        return "sync_target/" + target + "/connection_url";
    }

    /** Whether the rows of every integration of the organization are synced. */
    public boolean takesAllIntegrations() {
        return integration == null;
    }

    /** At the next revision, one more sync out of turn asked for. */
    public SyncTargetControl triggered() {
        return next(state, connectionUrlCiphertext, triggersRequested + 1, settings);
    }

    /** At the next revision, reached with another URL. */
    public SyncTargetControl reachedBy(String newCiphertext) {
        return next(state, newCiphertext, triggersRequested, settings);
    }

    /** At the next revision, with other settings. */
    public SyncTargetControl wanting(SyncTargetSettings now) {
        return next(state, connectionUrlCiphertext, triggersRequested, now);
    }

    /** At the next revision, written elsewhere or at another pace. */
    public SyncTargetControl writing(String newSchema, String newTable, int rows, int seconds) {
        return new SyncTargetControl(
                id,
                organization,
                revision + 1,
                state,
                integration,
                kind,
                connectionUrlCiphertext,
                newSchema,
                newTable,
                rows,
                seconds,
                triggersRequested,
                settings);
    }

    /** The last record: holds nothing secret any more. */
    public SyncTargetControl ended() {
        return next(State.DELETED, null, triggersRequested, SyncTargetSettings.STANDARD);
    }

    private SyncTargetControl next(
            State newState, String ciphertext, long triggers, SyncTargetSettings wanted) {
        return new SyncTargetControl(
                id,
                organization,
                revision + 1,
                newState,
                integration,
                kind,
                ciphertext,
                schema,
                table,
                pageSize,
                periodSeconds,
                triggers,
                wanted);
    }

    @Override
    public String key() {
        return "sync_target/" + id;
    }

    /** Never prints the credential, not even encrypted. */
    @Override
    public String toString() {
        return "SyncTargetControl[" + id + " r" + revision + " " + state + " " + kind + "]";
    }
}

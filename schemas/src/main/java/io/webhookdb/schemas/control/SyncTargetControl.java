package io.webhookdb.schemas.control;

import com.fasterxml.jackson.annotation.JsonProperty;

/**
 * One sync target: the rows of an integration's table are kept equal elsewhere.
 *
 * @param id opaque id, {@code syt_...}
 * @param organization numeric id of its organization
 * @param revision grows with every change
 * @param state active or deleted
 * @param integration opaque id of the integration whose table is synced
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
        long triggersRequested)
        implements ControlRecord {

    /** What the rows are sent to. */
    public enum Kind {
        HTTP,
        POSTGRES,
        REDSHIFT,
        SNOWFLAKE
    }

    /** Associated data under which {@link #connectionUrlCiphertext()} is encrypted. */
    public static String connectionUrlContext(String target) {
        return "sync_target/" + target + "/connection_url";
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

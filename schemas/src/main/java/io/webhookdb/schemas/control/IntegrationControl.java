package io.webhookdb.schemas.control;

/**
 * One integration: an endpoint at ingest and a table in the organization's database.
 *
 * @param id opaque id, {@code svi_...}
 * @param organization numeric id of its organization
 * @param revision grows with every change
 * @param state active or deleted
 * @param service name of the service
 * @param definition hash of its {@link DefinitionControl}
 * @param table replica table
 * @param webhookSecretCiphertext base64, encrypted with the <em>ingest</em> keyset; null while none
 *     is set
 * @param verificationMode whether requests are verified
 * @param epoch grows with reset, migration, restore and re-key; voids remembered row state
 * @param deletion what becomes of rows deleted at the vendor; null is {@link Deletion#TOMBSTONE}
 * @param access what fetching from the vendor's API needs; null while nothing is stored
 * @param dependsOn id of the integration whose credentials or rows it uses; null if it depends on
 *     none, or on the first of that service
 */
public record IntegrationControl(
        String id,
        long organization,
        long revision,
        State state,
        String service,
        String definition,
        String table,
        String webhookSecretCiphertext,
        VerificationMode verificationMode,
        long epoch,
        Deletion deletion,
        VendorAccess access,
        String dependsOn)
        implements ControlRecord {

    public IntegrationControl {
        deletion = deletion == null ? Deletion.TOMBSTONE : deletion;
    }

    /** An integration whose deleted rows stay as tombstones. */
    public IntegrationControl(
            String id,
            long organization,
            long revision,
            State state,
            String service,
            String definition,
            String table,
            String webhookSecretCiphertext,
            VerificationMode verificationMode,
            long epoch) {
        this(
                id,
                organization,
                revision,
                state,
                service,
                definition,
                table,
                webhookSecretCiphertext,
                verificationMode,
                epoch,
                null,
                null,
                null);
    }

    /** An integration for which nothing is stored that fetching needs. */
    public IntegrationControl(
            String id,
            long organization,
            long revision,
            State state,
            String service,
            String definition,
            String table,
            String webhookSecretCiphertext,
            VerificationMode verificationMode,
            long epoch,
            Deletion deletion) {
        this(
                id,
                organization,
                revision,
                state,
                service,
                definition,
                table,
                webhookSecretCiphertext,
                verificationMode,
                epoch,
                deletion,
                null,
                null);
    }

    /** The same, with what fetching needs. */
    public IntegrationControl withAccess(VendorAccess other) {
        return new IntegrationControl(
                id,
                organization,
                revision,
                state,
                service,
                definition,
                table,
                webhookSecretCiphertext,
                verificationMode,
                epoch,
                deletion,
                other,
                dependsOn);
    }

    /** The same, depending on another integration; null for none. */
    public IntegrationControl dependingOn(String other) {
        return new IntegrationControl(
                id,
                organization,
                revision,
                state,
                service,
                definition,
                table,
                webhookSecretCiphertext,
                verificationMode,
                epoch,
                deletion,
                access,
                other);
    }

    /** What becomes of a row that is deleted at the vendor. */
    public enum Deletion {
        /** It stays, with {@code _deleted_at}. */
        TOMBSTONE,
        /** It goes; key and version move to an internal table, so that no late event revives it. */
        HARD
    }

    /** Whether ingest checks signatures for this integration. */
    public enum VerificationMode {
        VERIFY,
        /** Every request is accepted and answered 201; an operator's choice. */
        SKIP
    }

    /** Associated data under which {@link #webhookSecretCiphertext()} is encrypted. */
    public static String webhookSecretContext(String integration) {
        return "integration/" + integration + "/webhook_secret";
    }

    /** Key on the control topic. */
    public static String key(String integration) {
        return "integration/" + integration;
    }

    @Override
    public String key() {
        return key(id);
    }

    /** Never prints the secret, not even encrypted. */
    @Override
    public String toString() {
        return "IntegrationControl[" + id + " r" + revision + " " + state + " " + service + "]";
    }
}

package io.webhookdb.controlplane.provisioner;

import io.webhookdb.schemas.control.ControlRecord.State;
import io.webhookdb.schemas.control.IntegrationControl.Deletion;
import io.webhookdb.schemas.control.IntegrationControl.VerificationMode;
import io.webhookdb.schemas.control.VendorAccess;
import java.util.Optional;

/**
 * An integration as the application database has it.
 *
 * @param webhookSecretEncrypted null while none is set
 * @param table the name its table is to have
 * @param builtTable the name its table has; null while it has none
 * @param tableDropped whether its table was dropped
 * @param deletion what becomes of rows deleted at the vendor
 * @param tombstonesReady whether the table of keys deleted for good is there
 * @param wantedDefinition hash of a newer definition whose columns the table is to get
 * @param overdue whether it has waited for its table for so long that it should be known without
 * @param access what fetching needs; null while nothing is stored
 * @param dependsOn opaque id of the integration it depends on; null for none
 */
record IntegrationRow(
        long id,
        String opaqueId,
        OrganizationRow organization,
        String service,
        String definitionHash,
        String table,
        State state,
        VerificationMode verification,
        String webhookSecretEncrypted,
        long revision,
        long publishedRevision,
        long epoch,
        String builtTable,
        boolean tableDropped,
        Deletion deletion,
        boolean tombstonesReady,
        Optional<String> wantedDefinition,
        boolean overdue,
        VendorAccess access,
        String dependsOn) {

    /** Whether the table of keys deleted for good is still to be made. */
    boolean lacksTombstones() {
        return deletion == Deletion.HARD && !tombstonesReady;
    }

    boolean tableReady() {
        return builtTable != null;
    }

    @Override
    public String toString() {
        return "IntegrationRow[" + opaqueId + " r" + revision + " " + state + "]";
    }
}

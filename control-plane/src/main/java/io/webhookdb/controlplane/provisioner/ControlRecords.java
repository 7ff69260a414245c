package io.webhookdb.controlplane.provisioner;

import io.webhookdb.controlplane.provisioner.OrganizationRow.DatabaseRow;
import io.webhookdb.schemas.control.IntegrationControl;
import io.webhookdb.schemas.control.OrganizationControl;
import io.webhookdb.schemas.control.OrganizationControl.Writing;

/** Control records of rows. Pure. */
final class ControlRecords {
    private ControlRecords() {}

    /** Only for an organization whose database is ready. */
    static OrganizationControl of(OrganizationRow organization) {
        DatabaseRow database = organization.database().orElseThrow();
        return new OrganizationControl(
                organization.id(),
                organization.key(),
                organization.revision(),
                organization.state(),
                new OrganizationControl.Database(
                        database.host(),
                        database.port(),
                        database.name(),
                        database.schema(),
                        database.owner(),
                        database.ownerPasswordSealed(),
                        database.epoch(),
                        database.sslMode(),
                        database.runBy()),
                database.held() ? Writing.HELD : Writing.ON);
    }

    static IntegrationControl of(IntegrationRow integration) {
        return new IntegrationControl(
                        integration.opaqueId(),
                        integration.organization().id(),
                        integration.revision(),
                        integration.state(),
                        integration.service(),
                        integration.definitionHash(),
                        integration.table(),
                        integration.webhookSecretEncrypted(),
                        integration.verification(),
                        integration.epoch(),
                        integration.deletion())
                .withAccess(integration.access())
                .dependingOn(integration.dependsOn());
    }
}

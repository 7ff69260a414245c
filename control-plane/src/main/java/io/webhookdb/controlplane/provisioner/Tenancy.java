package io.webhookdb.controlplane.provisioner;

import io.webhookdb.controlplane.database.ReadonlyUrl;
import io.webhookdb.controlplane.provisioner.OrganizationRow.DatabaseRow;
import io.webhookdb.schemas.control.OrganizationControl;
import io.webhookdb.security.connection.PostgresUrl;
import io.webhookdb.security.keyset.SecretCipher;
import io.webhookdb.security.keyset.SecretSealer;
import java.util.Map;
import org.jdbi.v3.core.Handle;

/** Gives a new organization a server, names and passwords. Nothing exists there yet. */
final class Tenancy {
    private final Map<String, PostgresUrl> admins;
    private final ServerLanes lanes;
    private final SecretCipher readers;
    private final SecretSealer connections;
    private final Isolation isolation;

    /**
     * Chooses among servers.
     *
     * @param admins administrators by {@code host:port}
     */
    Tenancy(
            Map<String, PostgresUrl> admins,
            ServerLanes lanes,
            SecretCipher readers,
            SecretSealer connections,
            Isolation isolation) {
        this.admins = Map.copyOf(admins);
        this.lanes = lanes;
        this.readers = readers;
        this.connections = connections;
        this.isolation = isolation;
    }

    /** Gives a reader that replaces another a name and a password. */
    void nameReader(Handle handle, ReaderRollRow roll) {
        DatabaseRow database = roll.organization().database().orElseThrow();
        PostgresUrl admin = admins.get(database.server());
        if (admin == null) {
            throw new IllegalStateException(
                    "Server " + database.server() + " is not among the replication servers");
        }
        String reader = TenantNames.newReader();
        PostgresUrl url = admin.with(database.name(), reader, TenantNames.password());
        ReaderRollLedger.named(
                handle,
                roll.id(),
                reader,
                readers.encrypt(url.url(), ReadonlyUrl.context(roll.organization().id())));
    }

    DatabaseRow place(Handle handle, long organization) {
        String server = Placement.choose(admins.keySet(), Ledger.load(handle), lanes.failing());
        PostgresUrl admin = admins.get(server);
        TenantNames names = TenantNames.random(isolation);
        PostgresUrl readonly = admin.with(names.database(), names.reader(), TenantNames.password());
        return new DatabaseRow(
                admin.host(),
                admin.port(),
                server,
                names.database(),
                names.schema(),
                names.owner(),
                connections.seal(
                        TenantNames.password(),
                        OrganizationControl.ownerPasswordContext(organization)),
                names.reader(),
                readers.encrypt(readonly.url(), ReadonlyUrl.context(organization)),
                1,
                false);
    }
}

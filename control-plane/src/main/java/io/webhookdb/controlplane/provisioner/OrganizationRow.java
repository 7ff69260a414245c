package io.webhookdb.controlplane.provisioner;

import io.webhookdb.schemas.control.ControlRecord.State;
import java.util.Optional;

/**
 * An organization as the application database has it.
 *
 * @param database where its rows go; empty before it was placed
 */
record OrganizationRow(
        long id,
        String key,
        State state,
        long revision,
        long publishedRevision,
        Optional<DatabaseRow> database) {

    boolean databaseReady() {
        return database.filter(DatabaseRow::ready).isPresent();
    }

    /**
     * A placed database.
     *
     * @param server {@code host:port}
     * @param ownerPasswordSealed sealed for the connections keyset
     * @param readonlyUrlEncrypted encrypted with the readers keyset
     * @param ready whether it was created
     */
    record DatabaseRow(
            String host,
            int port,
            String server,
            String name,
            String schema,
            String owner,
            String ownerPasswordSealed,
            String reader,
            String readonlyUrlEncrypted,
            long epoch,
            boolean ready) {
        /** Whether other organizations have schemas in the same database. */
        boolean isShared() {
            return name.equals(TenantNames.SHARED_DATABASE);
        }

        @Override
        public String toString() {
            return name + "@" + server;
        }
    }
}

package io.webhookdb.controlplane.provisioner;

import io.webhookdb.schemas.control.ControlRecord.State;
import io.webhookdb.schemas.control.OrganizationControl.Database.RunBy;
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

    /** Whether its tables must stay as they are, because they are about to be elsewhere. */
    boolean held() {
        return database.filter(DatabaseRow::held).isPresent();
    }

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
     * @param sslMode transport security as libpq names it; null for the driver's own choice
     * @param runBy whose server it is
     * @param held whether writers wait for another database
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
            boolean ready,
            String sslMode,
            RunBy runBy,
            boolean held) {
        /** A database on one of the operator's servers. */
        DatabaseRow(
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
            this(
                    host,
                    port,
                    server,
                    name,
                    schema,
                    owner,
                    ownerPasswordSealed,
                    reader,
                    readonlyUrlEncrypted,
                    epoch,
                    ready,
                    null,
                    RunBy.OPERATOR,
                    false);
        }

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

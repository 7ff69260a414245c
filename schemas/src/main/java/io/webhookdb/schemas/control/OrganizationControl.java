package io.webhookdb.schemas.control;

/**
 * An organization and where its rows go.
 *
 * @param id numeric id
 * @param organizationKey its slug, for messages and metrics
 * @param revision grows with every change
 * @param state active or deleted
 * @param database the replication database as its owner reaches it
 * @param writing whether rows are written now; null is {@link Writing#ON}
 */
public record OrganizationControl(
        long id,
        String organizationKey,
        long revision,
        State state,
        Database database,
        Writing writing)
        implements ControlRecord {

    public OrganizationControl {
        writing = writing == null ? Writing.ON : writing;
    }

    /** An organization whose rows are written. */
    public OrganizationControl(
            long id, String organizationKey, long revision, State state, Database database) {
        this(id, organizationKey, revision, state, database, Writing.ON);
    }

    /** Whether an organization's rows are written. */
    public enum Writing {
        ON,
        /**
         * Rows wait, because the database is about to be another one. Who has no row of an earlier
         * epoch on its way any more reports so, now and then, with {@link
         * io.webhookdb.schemas.status.EpochReached}.
         */
        HELD
    }

    /** Associated data under which {@link Database#passwordCiphertext()} is encrypted. */
    public static String ownerPasswordContext(long organization) {
        return "organization/" + organization + "/owner_password";
    }

    /** Key on the control topic. */
    public static String key(long organization) {
        return "organization/" + organization;
    }

    @Override
    public String key() {
        return key(id);
    }

    /**
     * A replication database.
     *
     * @param host host name or address of the server
     * @param port TCP port
     * @param name database name
     * @param schema schema of the replica tables
     * @param user owner role
     * @param passwordCiphertext base64, encrypted for the <em>connections</em> keyset
     * @param epoch grows when writes are held, move to another database or start anew
     * @param sslMode transport security, as libpq names it; null for the driver's own choice
     * @param runBy whose server it is; null is {@link RunBy#OPERATOR}
     */
    public record Database(
            String host,
            int port,
            String name,
            String schema,
            String user,
            String passwordCiphertext,
            long epoch,
            String sslMode,
            RunBy runBy) {

        public Database {
            runBy = runBy == null ? RunBy.OPERATOR : runBy;
        }

        /** A database on one of the operator's servers. */
        public Database(
                String host,
                int port,
                String name,
                String schema,
                String user,
                String passwordCiphertext,
                long epoch) {
            this(host, port, name, schema, user, passwordCiphertext, epoch, null, RunBy.OPERATOR);
        }

        /** Whose server a database is on. */
        public enum RunBy {
            OPERATOR,
            /** Its address was given by a customer: only what the outbound policy allows. */
            CUSTOMER
        }

        /** Never prints the credential, not even encrypted. */
        @Override
        public String toString() {
            return user + "@" + host + ":" + port + "/" + name + "#" + epoch;
        }
    }
}

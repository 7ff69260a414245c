package io.webhookdb.schemas.control;

/**
 * An organization and where its rows go.
 *
 * @param id numeric id
 * @param organizationKey its slug, for messages and metrics
 * @param revision grows with every change
 * @param state active or deleted
 * @param database the replication database as its owner reaches it
 */
public record OrganizationControl(
        long id, String organizationKey, long revision, State state, Database database)
        implements ControlRecord {

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
     * @param epoch grows when writes move to another database or start anew
     */
    public record Database(
            String host,
            int port,
            String name,
            String schema,
            String user,
            String passwordCiphertext,
            long epoch) {

        /** Never prints the credential, not even encrypted. */
        @Override
        public String toString() {
            return user + "@" + host + ":" + port + "/" + name + "#" + epoch;
        }
    }
}

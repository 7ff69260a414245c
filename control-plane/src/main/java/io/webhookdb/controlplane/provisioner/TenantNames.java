package io.webhookdb.controlplane.provisioner;

import java.security.SecureRandom;
import java.util.Base64;
import java.util.HexFormat;

/**
 * Random names and passwords of one organization's database. Every role of a server can list its
 * databases and roles, so the names tell nothing.
 *
 * @param database database name
 * @param schema schema of the tables
 * @param owner role that owns the tables
 * @param reader role that may only read
 */
record TenantNames(String database, String schema, String owner, String reader) {
    /** The database of a server in which organizations have only schemas. */
    static final String SHARED_DATABASE = "webhookdb_replicas";

    /** The schema that Postgres looks into by itself. */
    static final String PUBLIC = "public";

    /** Regular expression of every reader's name. */
    static final String READERS = "^r_[0-9a-f]{24}$";

    private static final SecureRandom RANDOM = new SecureRandom();

    static TenantNames random(Isolation isolation) {
        return switch (isolation) {
            case DATABASE_USER -> new TenantNames(random("d_"), PUBLIC, random("o_"), newReader());
            case DATABASE_SCHEMA_USER ->
                    new TenantNames(random("d_"), random("s_"), random("o_"), newReader());
            case SCHEMA_USER ->
                    new TenantNames(SHARED_DATABASE, random("s_"), random("o_"), newReader());
        };
    }

    static String newReader() {
        return random("r_");
    }

    /** 256 random bits in characters that need no escaping in a URL. */
    static String password() {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes(32));
    }

    private static String random(String prefix) {
        return prefix + HexFormat.of().formatHex(bytes(12));
    }

    private static byte[] bytes(int count) {
        byte[] bytes = new byte[count];
        RANDOM.nextBytes(bytes);
        return bytes;
    }
}

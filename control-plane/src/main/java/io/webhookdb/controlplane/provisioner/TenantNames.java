package io.webhookdb.controlplane.provisioner;

import java.security.SecureRandom;
import java.util.Base64;
import java.util.HexFormat;

/**
 * Random names and passwords of one organization's database. Every role of a server can list its
 * databases and roles, so the names tell nothing.
 *
 * @param database database name
 * @param owner role that owns database and tables
 * @param reader role that may only read
 */
record TenantNames(String database, String owner, String reader) {
    private static final SecureRandom RANDOM = new SecureRandom();

    static TenantNames random() {
        return new TenantNames(random("d_"), random("o_"), newReader());
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

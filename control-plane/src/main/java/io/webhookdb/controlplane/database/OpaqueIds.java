package io.webhookdb.controlplane.database;

import java.math.BigInteger;
import java.security.SecureRandom;

/** Public ids of entities. */
public final class OpaqueIds {
    private static final SecureRandom RANDOM = new SecureRandom();

    private OpaqueIds() {}

    /** The prefix, an underscore and 16 random bytes in base 36. */
    public static String next(String prefix) {
        byte[] bytes = new byte[16];
        RANDOM.nextBytes(bytes);
        return prefix + "_" + new BigInteger(1, bytes).toString(36);
    }
}

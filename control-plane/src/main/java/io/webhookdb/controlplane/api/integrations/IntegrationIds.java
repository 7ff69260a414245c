package io.webhookdb.controlplane.api.integrations;

import io.webhookdb.controlplane.database.OpaqueIds;
import java.security.SecureRandom;
import java.util.HexFormat;

/** Random names of integrations. */
final class IntegrationIds {
    private static final SecureRandom RANDOM = new SecureRandom();

    private IntegrationIds() {}

    /** {@code svi_} and 16 random bytes in base 36: who knows it may post to the endpoint. */
    static String opaqueId() {
        return OpaqueIds.next("svi");
    }

    /** Service name and four hex digits. */
    static String tableName(String service) {
        return service + "_" + HexFormat.of().formatHex(bytes(2));
    }

    private static byte[] bytes(int count) {
        byte[] bytes = new byte[count];
        RANDOM.nextBytes(bytes);
        return bytes;
    }
}

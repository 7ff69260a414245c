package io.webhookdb.schemas.row;

import io.webhookdb.schemas.row.RowUpdate.Operation;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;

/** The first 16 bytes of SHA-256: tells contents apart, in memory and in the replica. */
final class ContentHash {
    private ContentHash() {}

    /** Hash of a resource; the same resource deleted is another content than alive. */
    static byte[] of(Operation operation, byte[] data) {
        MessageDigest digest = sha256();
        digest.update((byte) (operation == Operation.UPSERT ? 0 : 1));
        return Arrays.copyOf(digest.digest(data), PackedVersion.HASH_LENGTH);
    }

    /** Hash of bytes. */
    static byte[] of(byte[] bytes) {
        return Arrays.copyOf(sha256().digest(bytes), PackedVersion.HASH_LENGTH);
    }

    /** The MD5, which some remote keys of the first WebhookDB are made of. Protects nothing. */
    static byte[] md5(byte[] bytes) {
        return digest("MD5").digest(bytes);
    }

    private static MessageDigest sha256() {
        return digest("SHA-256");
    }

    private static MessageDigest digest(String algorithm) {
        try {
            return MessageDigest.getInstance(algorithm);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every Java runtime has " + algorithm, e);
        }
    }
}

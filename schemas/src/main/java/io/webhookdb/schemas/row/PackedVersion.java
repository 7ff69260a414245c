package io.webhookdb.schemas.row;

import java.nio.ByteBuffer;
import java.util.UUID;

/**
 * The {@code _version} column of a replica table, {@value #LENGTH} bytes:
 *
 * <pre>
 *  0..24  the row's version, comparable ({@link Version#bytes()})
 * 25..40  content hash of the stored resource
 * 41..56  id of the event that inserted the row (or revived it)
 * 57..72  id of the event that last changed the content
 * </pre>
 *
 * <p>The last id tells a change of content from a mere advance of the version (a nightly listing
 * that finds nothing new): only the event named there is announced, also when a crash repeats it.
 *
 * @param version the row's version
 * @param contentHash 16 bytes
 * @param insertedBy event that inserted or revived the row
 * @param changedBy event that last changed its content
 */
public record PackedVersion(Version version, byte[] contentHash, UUID insertedBy, UUID changedBy) {
    /** Bytes in the column. */
    public static final int LENGTH = 73;

    /** Bytes of a content hash. */
    public static final int HASH_LENGTH = 16;

    /** The column's value. */
    public byte[] bytes() {
        return ByteBuffer.allocate(LENGTH)
                .put(version.bytes())
                .put(contentHash, 0, HASH_LENGTH)
                .putLong(insertedBy.getMostSignificantBits())
                .putLong(insertedBy.getLeastSignificantBits())
                .putLong(changedBy.getMostSignificantBits())
                .putLong(changedBy.getLeastSignificantBits())
                .array();
    }

    /** Reads the column. */
    public static PackedVersion ofBytes(byte[] column) {
        if (column.length != LENGTH) {
            throw new IllegalArgumentException(
                    "_version has " + column.length + " bytes, expected " + LENGTH + ".");
        }
        ByteBuffer buffer = ByteBuffer.wrap(column);
        buffer.position(Version.LENGTH);
        byte[] hash = new byte[HASH_LENGTH];
        buffer.get(hash);
        return new PackedVersion(
                Version.ofBytes(column),
                hash,
                new UUID(buffer.getLong(), buffer.getLong()),
                new UUID(buffer.getLong(), buffer.getLong()));
    }
}

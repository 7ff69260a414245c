package io.webhookdb.connectors.sync;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.ByteBuffer;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import org.postgresql.PGConnection;
import org.postgresql.copy.CopyOut;

/**
 * Reads rows by COPY: the server makes the next ones while those it sent are taken in here, where a
 * cursor makes each wait for the other. What is sent but not wanted is read and forgotten.
 *
 * <p>Form: PostgreSQL documentation, COPY, "Binary Format"; one message a row.
 */
final class CopiedRows {
    /** Signature, flags, and the length of an extension that no version has. */
    private static final int HEADER = 19;

    private static final int MOST_AT_FIRST = 100;

    private CopiedRows() {}

    /**
     * The rows of a query.
     *
     * @param query primary key, key as text, version's bytes, whether it is deleted, columns as
     *     JSON text, resource as JSON text; in order of primary key
     * @param mostBytes limit of their weight, which the last row may exceed
     * @return all rows, or as many as the limit allows
     */
    static List<SyncRow> read(Connection connection, String query, long mostBytes)
            throws SQLException {
        CopyOut copy =
                connection
                        .unwrap(PGConnection.class)
                        .getCopyAPI()
                        .copyOut("COPY (" + query + ") TO STDOUT (FORMAT binary)");
        List<SyncRow> rows = new ArrayList<>(MOST_AT_FIRST);
        long weight = 0;
        boolean isFirst = true;
        for (byte[] message = copy.readFromCopy(); message != null; message = copy.readFromCopy()) {
            ByteBuffer in = ByteBuffer.wrap(message);
            if (isFirst) {
                in.position(HEADER);
                isFirst = false;
            }
            while (weight < mostBytes && in.hasRemaining() && in.getShort() >= 0) {
                SyncRow row = row(in);
                weight += row.weight();
                rows.add(row);
            }
        }
        return rows;
    }

    private static SyncRow row(ByteBuffer in) {
        in.getInt();
        long pk = in.getLong();
        String key = new String(bytes(in), UTF_8);
        String version = HexFormat.of().formatHex(bytes(in));
        in.getInt();
        boolean isDeleted = in.get() != 0;
        return new SyncRow(key, pk, version, isDeleted, bytes(in), bytes(in));
    }

    /** Null for NULL. */
    private static byte[] bytes(ByteBuffer in) {
        int length = in.getInt();
        if (length < 0) {
            return null;
        }
        byte[] bytes = new byte[length];
        in.get(bytes);
        return bytes;
    }
}

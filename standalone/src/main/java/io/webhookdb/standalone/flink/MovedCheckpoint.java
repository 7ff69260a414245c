package io.webhookdb.standalone.flink;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Brings a checkpoint to where its folder is now. Files that checkpoints share are named in the
 * metadata by their full path (what belongs to one checkpoint alone is relative), so that a folder
 * that was moved names files that are no more, and one that was copied names those of the first:
 * the copy would read them, and delete them with its next checkpoints.
 *
 * <p>The form is that of Flink's {@code MetadataV2V3SerializerBase.serializeStreamStateHandle}: for
 * a file the byte 2, its size in eight bytes, and its path as {@link DataOutputStream#writeUTF}
 * writes it. State that is small is in the metadata itself, under the path it would have had, which
 * nobody reads. A path is only changed where the file it names is below the new folder.
 */
final class MovedCheckpoint {
    private static final byte[] SCHEME = "file:/".getBytes(StandardCharsets.US_ASCII);
    private static final int LENGTH_BYTES = 2;
    private static final int HEAD_BYTES = 1 + Long.BYTES + LENGTH_BYTES;
    private static final byte FILE = 2;

    /** Text in the place of a size would be a larger number. */
    private static final long LARGEST = 1L << 50;

    private static final Pattern SHARED =
            Pattern.compile(
                    "file:(/.*)/([0-9a-f]{32}/(?:shared|taskowned)/[0-9a-f-]{36})", Pattern.DOTALL);

    private MovedCheckpoint() {}

    /**
     * Rewrites the metadata if it names files elsewhere.
     *
     * @param root the job's folder of checkpoints, as it is now
     * @return whether every shared file is below the folder
     */
    static boolean settle(Path metadata, Path root) throws IOException {
        byte[] bytes = Files.readAllBytes(metadata);
        ByteArrayOutputStream settled = new ByteArrayOutputStream(bytes.length);
        int copied = 0;
        boolean complete = true;
        for (int at = next(bytes, 0); at >= 0; at = next(bytes, at + 1)) {
            Optional<Matcher> found = shared(bytes, at);
            if (found.isEmpty() || found.get().group(1).equals(root.toString())) {
                continue;
            }
            String tail = found.get().group(2);
            if (!Files.exists(root.resolve(tail))) {
                complete = false;
                continue;
            }
            int start = at - LENGTH_BYTES;
            settled.write(bytes, copied, start - copied);
            new DataOutputStream(settled).writeUTF("file:" + root + "/" + tail);
            copied = at + length(bytes, at);
        }
        if (complete && copied > 0) {
            settled.write(bytes, copied, bytes.length - copied);
            Path unfinished = metadata.resolveSibling("moved.unfinished");
            Files.write(unfinished, settled.toByteArray());
            Files.move(unfinished, metadata, StandardCopyOption.ATOMIC_MOVE);
        }
        return complete;
    }

    /** The whole of the string that begins there, if it names a shared file. */
    private static Optional<Matcher> shared(byte[] bytes, int at) {
        if (at < HEAD_BYTES || bytes[at - HEAD_BYTES] != FILE) {
            return Optional.empty();
        }
        int length = length(bytes, at);
        long size = ByteBuffer.wrap(bytes).getLong(at - HEAD_BYTES + 1);
        if (size < 0 || size > LARGEST || at + length > bytes.length) {
            return Optional.empty();
        }
        try (DataInputStream in =
                new DataInputStream(
                        new ByteArrayInputStream(
                                bytes, at - LENGTH_BYTES, length + LENGTH_BYTES))) {
            return Optional.of(SHARED.matcher(in.readUTF())).filter(Matcher::matches);
        } catch (IOException e) {
            // No string of that length begins here.
            return Optional.empty();
        }
    }

    private static int length(byte[] bytes, int at) {
        return (bytes[at - 2] & 0xff) << 8 | bytes[at - 1] & 0xff;
    }

    private static int next(byte[] bytes, int from) {
        for (int at = from; at <= bytes.length - SCHEME.length; at++) {
            int same = 0;
            while (same < SCHEME.length && bytes[at + same] == SCHEME[same]) {
                same++;
            }
            if (same == SCHEME.length) {
                return at;
            }
        }
        return -1;
    }
}

package io.webhookdb.ingest.spool;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.webhookdb.schemas.event.Event;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * One file of the spool. Written at its end only, and never again once it was reopened; whatever a
 * crash left half written at the end was acknowledged to nobody and is not read. Not thread-safe.
 */
final class Segment implements Closeable {
    static final String SUFFIX = ".spool";
    private static final byte[] MAGIC = "WHDBSPL1".getBytes(US_ASCII);

    /** Longer than any frame: a length beyond it is damage. */
    private static final int FRAME_LIMIT = 512 << 20;

    private final long number;
    private final Path file;
    private final FileChannel channel;
    private long end = MAGIC.length;
    private long records;

    private Segment(long number, Path file, FileChannel channel) {
        this.number = number;
        this.file = file;
        this.channel = channel;
    }

    /**
     * Some events and where the next one begins.
     *
     * @param events in the order in which they were appended
     * @param next position behind them
     */
    record Read(List<Event> events, long next) {}

    /** A new file, readable by its owner only, there also after a crash of the machine. */
    static Segment create(Path folder, long number) throws IOException {
        Path file = folder.resolve("%020d%s".formatted(number, SUFFIX));
        FileChannel channel =
                FileChannel.open(
                        file,
                        Set.of(
                                StandardOpenOption.CREATE_NEW,
                                StandardOpenOption.READ,
                                StandardOpenOption.WRITE),
                        PosixFilePermissions.asFileAttribute(
                                PosixFilePermissions.fromString("rw-------")));
        Segment segment = new Segment(number, file, channel);
        segment.write(new ByteBuffer[] {ByteBuffer.wrap(MAGIC)}, 0);
        try (FileChannel directory = FileChannel.open(folder, StandardOpenOption.READ)) {
            directory.force(true);
        }
        return segment;
    }

    /** An older file, up to the first frame that is not whole. */
    static Segment reopen(Path file) throws IOException {
        String name = file.getFileName().toString();
        long number = Long.parseLong(name.substring(0, name.length() - SUFFIX.length()));
        Segment segment =
                new Segment(number, file, FileChannel.open(file, StandardOpenOption.READ));
        Optional<byte[]> payload = segment.payload(segment.end, segment.channel.size());
        while (payload.isPresent()) {
            segment.end += Frames.PREFIX_BYTES + payload.get().length;
            segment.records++;
            payload = segment.payload(segment.end, segment.channel.size());
        }
        return segment;
    }

    Path file() {
        return file;
    }

    long number() {
        return number;
    }

    /** Position of the first frame. */
    static long start() {
        return MAGIC.length;
    }

    /** Position behind the last frame that is on the disk. */
    long end() {
        return end;
    }

    long records() {
        return records;
    }

    /**
     * Writes the frames and waits until the disk has them; if that fails, none of them counts.
     *
     * @throws IOException if the disk does not take them; the segment must not be written again
     */
    void append(List<ByteBuffer> frames) throws IOException {
        long bytes = frames.stream().mapToLong(ByteBuffer::remaining).sum();
        try {
            write(frames.toArray(ByteBuffer[]::new), end);
        } catch (IOException e) {
            channel.truncate(end);
            throw e;
        }
        end += bytes;
        records += frames.size();
    }

    private void write(ByteBuffer[] buffers, long position) throws IOException {
        channel.position(position);
        ByteBuffer last = buffers[buffers.length - 1];
        while (last.hasRemaining()) {
            channel.write(buffers);
        }
        channel.force(false);
    }

    /** At least one event, unless the position is the end. */
    Read read(long from, int mostRecords, long mostBytes) throws IOException {
        List<Event> events = new ArrayList<>();
        long position = from;
        while (position < end && events.size() < mostRecords && position - from < mostBytes) {
            Optional<byte[]> payload = payload(position, end);
            if (payload.isEmpty()) {
                throw new IOException(
                        "Spool file %s is damaged at %d of %d".formatted(file, position, end));
            }
            events.add(Frames.decode(payload.get()));
            position += Frames.PREFIX_BYTES + payload.get().length;
        }
        return new Read(events, position);
    }

    /** How many frames begin before the position. */
    long recordsBefore(long limit) throws IOException {
        long count = 0;
        long position = start();
        while (position < Math.min(limit, end)) {
            position += Frames.PREFIX_BYTES + bytes(position, Integer.BYTES).getInt();
            count++;
        }
        return count;
    }

    private Optional<byte[]> payload(long position, long limit) throws IOException {
        if (position + Frames.PREFIX_BYTES > limit) {
            return Optional.empty();
        }
        ByteBuffer prefix = bytes(position, Frames.PREFIX_BYTES);
        int length = prefix.getInt();
        if (length < Integer.BYTES
                || length > FRAME_LIMIT
                || position + Frames.PREFIX_BYTES + length > limit) {
            return Optional.empty();
        }
        byte[] payload = bytes(position + Frames.PREFIX_BYTES, length).array();
        return Frames.crc(payload, 0, length) == prefix.getInt()
                ? Optional.of(payload)
                : Optional.empty();
    }

    private ByteBuffer bytes(long position, int count) throws IOException {
        ByteBuffer buffer = ByteBuffer.allocate(count);
        while (buffer.hasRemaining()) {
            if (channel.read(buffer, position + buffer.position()) < 0) {
                throw new IOException("Spool file %s ends before %d".formatted(file, position));
            }
        }
        return buffer.flip();
    }

    void delete() throws IOException {
        close();
        Files.deleteIfExists(file);
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}

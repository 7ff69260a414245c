package io.webhookdb.ingest.spool;

import io.webhookdb.schemas.event.Event;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The files of the spool, oldest first, and the place up to which they are drained. */
final class SpoolFiles implements Closeable {
    private static final Logger LOG = LoggerFactory.getLogger(SpoolFiles.class);

    private final Path folder;
    private final long segmentBytes;
    private final FileChannel lock;
    private final Cursor cursor;
    private final Deque<Segment> segments = new ArrayDeque<>();
    private boolean lastIsWritable;
    private long nextNumber = 1;
    private long position = Segment.start();
    private long drainedOfFirst;
    private long readUpTo;

    private SpoolFiles(Path folder, long segmentBytes, FileChannel lock) throws IOException {
        this.folder = folder;
        this.segmentBytes = segmentBytes;
        this.lock = lock;
        this.cursor = new Cursor(folder.resolve("cursor"));
    }

    /**
     * Opens what is there.
     *
     * @throws IOException if the folder cannot be used, or another process uses it
     */
    static SpoolFiles open(Path folder, long segmentBytes) throws IOException {
        if (!Files.isDirectory(folder)) {
            Files.createDirectories(
                    folder,
                    PosixFilePermissions.asFileAttribute(
                            PosixFilePermissions.fromString("rwx------")));
        }
        FileChannel lock = lock(folder.resolve("lock"));
        SpoolFiles files = new SpoolFiles(folder, segmentBytes, lock);
        files.recover();
        return files;
    }

    private static FileChannel lock(Path file) throws IOException {
        FileChannel channel =
                FileChannel.open(
                        file,
                        Set.of(StandardOpenOption.CREATE, StandardOpenOption.WRITE),
                        PosixFilePermissions.asFileAttribute(
                                PosixFilePermissions.fromString("rw-------")));
        FileLock held = null;
        try {
            held = channel.tryLock();
        } catch (OverlappingFileLockException e) {
            LOG.debug("Locked by this very process", e);
        }
        if (held == null) {
            channel.close();
            throw new IOException(
                    "The spool %s is in use by another process; each needs a folder of its own"
                            .formatted(file.getParent()));
        }
        return channel;
    }

    private void recover() throws IOException {
        List<Path> found;
        try (Stream<Path> entries = Files.list(folder)) {
            found =
                    entries.filter(entry -> entry.toString().endsWith(Segment.SUFFIX))
                            .sorted()
                            .toList();
        }
        Cursor.Place place = cursor.read();
        for (Path file : found) {
            Segment segment = Segment.reopen(file);
            nextNumber = Math.max(nextNumber, segment.number() + 1);
            if (segment.number() < place.segment()) {
                segment.delete();
            } else {
                segments.addLast(segment);
            }
        }
        nextNumber = Math.max(nextNumber, place.segment() + 1);
        if (!segments.isEmpty() && segments.getFirst().number() == place.segment()) {
            position = Math.max(Segment.start(), place.position());
            drainedOfFirst = segments.getFirst().recordsBefore(position);
        }
        dropDrained();
        if (!segments.isEmpty()) {
            LOG.warn("The spool {} holds {} events of an earlier run", folder, records());
        }
    }

    /** Appends and waits for the disk; on failure none of the frames counts. */
    void append(List<ByteBuffer> frames) throws IOException {
        if (!lastIsWritable || segments.getLast().end() >= segmentBytes) {
            segments.addLast(Segment.create(folder, nextNumber++));
            lastIsWritable = true;
        }
        try {
            segments.getLast().append(frames);
        } catch (IOException e) {
            lastIsWritable = false;
            throw e;
        }
    }

    boolean isDrained() {
        return segments.isEmpty();
    }

    /** Events that are not drained. */
    long records() {
        return segments.stream().mapToLong(Segment::records).sum() - drainedOfFirst;
    }

    /** Of all files together. */
    long bytes() {
        return segments.stream().mapToLong(Segment::end).sum();
    }

    /** What comes next, from one file; empty where all is drained. */
    List<Event> next(int mostRecords, long mostBytes) throws IOException {
        while (!segments.isEmpty()) {
            Segment first = segments.getFirst();
            try {
                Segment.Read read = first.read(position, mostRecords, mostBytes);
                if (!read.events().isEmpty()) {
                    readUpTo = read.next();
                    return read.events();
                }
                dropFirst();
            } catch (IOException | RuntimeException e) {
                setAside(first, e);
            }
        }
        return List.of();
    }

    /** The events of the last {@link #next} are drained. */
    void drained(int count) throws IOException {
        position = readUpTo;
        drainedOfFirst += count;
        cursor.write(new Cursor.Place(segments.getFirst().number(), position));
        dropDrained();
    }

    private void dropDrained() throws IOException {
        while (!segments.isEmpty() && position >= segments.getFirst().end()) {
            dropFirst();
        }
    }

    private void dropFirst() throws IOException {
        Segment first = segments.removeFirst();
        position = Segment.start();
        drainedOfFirst = 0;
        lastIsWritable &= !segments.isEmpty();
        first.delete();
    }

    /** A disk that gives back something else than it took must not stop what comes after. */
    private void setAside(Segment damaged, Exception error) throws IOException {
        LOG.error(
                "Spool file {} cannot be read beyond {}; it is set aside for a person to look at",
                damaged.file(),
                position,
                error);
        segments.removeFirst();
        position = Segment.start();
        drainedOfFirst = 0;
        lastIsWritable &= !segments.isEmpty();
        damaged.close();
        Files.move(
                damaged.file(),
                damaged.file().resolveSibling(damaged.file().getFileName() + ".damaged"),
                StandardCopyOption.REPLACE_EXISTING);
    }

    /** Keeps an event apart that Kafka will never take. */
    void refuse(Event event) throws IOException {
        try (FileChannel refused =
                FileChannel.open(
                        folder.resolve("refused"),
                        Set.of(
                                StandardOpenOption.CREATE,
                                StandardOpenOption.WRITE,
                                StandardOpenOption.APPEND),
                        PosixFilePermissions.asFileAttribute(
                                PosixFilePermissions.fromString("rw-------")))) {
            ByteBuffer frame = Frames.encode(event);
            while (frame.hasRemaining()) {
                refused.write(frame);
            }
            refused.force(false);
        }
    }

    @Override
    public void close() throws IOException {
        List<Closeable> all = new ArrayList<>(segments);
        all.add(cursor);
        all.add(lock);
        for (Closeable one : all) {
            one.close();
        }
    }
}

package io.webhookdb.ingest.spool;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;

/**
 * Up to where the spool is drained, in a small file. It is not forced to the disk: a crash of the
 * machine may set it back, and then events are sent again under the ids they have.
 */
final class Cursor implements Closeable {
    private static final int BYTES = Long.BYTES * 2 + Integer.BYTES;

    private final FileChannel channel;

    Cursor(Path file) throws IOException {
        this.channel =
                FileChannel.open(
                        file,
                        Set.of(
                                StandardOpenOption.CREATE,
                                StandardOpenOption.READ,
                                StandardOpenOption.WRITE),
                        PosixFilePermissions.asFileAttribute(
                                PosixFilePermissions.fromString("rw-------")));
    }

    /** A place in the spool. */
    record Place(long segment, long position) {
        static final Place BEGINNING = new Place(0, 0);
    }

    /** The last place written; the beginning if there is none or it is damaged. */
    Place read() throws IOException {
        ByteBuffer in = ByteBuffer.allocate(BYTES);
        if (channel.read(in, 0) < BYTES) {
            return Place.BEGINNING;
        }
        in.flip();
        Place place = new Place(in.getLong(), in.getLong());
        return in.getInt() == Frames.crc(in.array(), 0, Long.BYTES * 2)
                ? place
                : Place.BEGINNING;
    }

    void write(Place place) throws IOException {
        ByteBuffer out = ByteBuffer.allocate(BYTES);
        out.putLong(place.segment()).putLong(place.position());
        out.putInt(Frames.crc(out.array(), 0, Long.BYTES * 2));
        channel.write(out.flip(), 0);
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}

package io.webhookdb.jobs.replication;

import io.webhookdb.connectors.serialization.Fields;
import io.webhookdb.connectors.serialization.VersionedSerializer;
import io.webhookdb.jobs.replication.RowMemory.Kind;
import io.webhookdb.jobs.replication.RowMemory.Sighting;
import io.webhookdb.jobs.replication.RowMemory.Standing;
import io.webhookdb.schemas.row.PackedVersion;
import io.webhookdb.schemas.row.Version;
import io.webhookdb.schemas.row.Version.Rank;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.apache.flink.api.common.typeutils.SimpleTypeSerializerSnapshot;
import org.apache.flink.api.common.typeutils.TypeSerializerSnapshot;
import org.apache.flink.core.memory.DataInputView;
import org.apache.flink.core.memory.DataOutputView;

/** Form of {@link RowMemory} in state: about 180 bytes for a row without ties. */
public final class RowMemorySerializer extends VersionedSerializer<RowMemory> {

    @Override
    protected int format() {
        return 3;
    }

    @Override
    protected void write(RowMemory memory, DataOutputView out) throws IOException {
        out.writeLong(memory.epoch());
        Fields.writeText(memory.definition(), out);
        out.write(memory.written().bytes());
        Fields.writeUuid(memory.firstSeen(), out);
        out.writeByte(memory.sightings().size());
        for (Sighting sighting : memory.sightings()) {
            out.writeByte(sighting.kind().code());
            out.write(sighting.hash(), 0, PackedVersion.HASH_LENGTH);
            Fields.writeUuid(sighting.first(), out);
            out.writeByte(sighting.standing().code());
            out.writeByte(sighting.rank().code());
            LogPlaceSerializer.writeNullable(sighting.place(), out);
        }
    }

    @Override
    protected RowMemory read(int format, DataInputView in) throws IOException {
        long epoch = in.readLong();
        String definition = Fields.readText(in);
        byte[] packed = new byte[Version.LENGTH];
        in.readFully(packed);
        return new RowMemory(
                epoch,
                definition,
                Version.ofBytes(packed),
                Fields.readUuid(in),
                readSightings(format, in));
    }

    private static List<Sighting> readSightings(int format, DataInputView in) throws IOException {
        int count = in.readByte();
        List<Sighting> sightings = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            Kind kind = Kind.ofCode(in.readByte());
            byte[] hash = new byte[PackedVersion.HASH_LENGTH];
            in.readFully(hash);
            UUID first = Fields.readUuid(in);
            Standing standing = Standing.ofCode(in.readByte());
            // Form 1 knew no ranks. The lowest makes the sighting no candidate for anything.
            Rank rank = format < 2 ? Rank.POLL : Rank.ofCode(in.readByte());
            LogPlace place = format < 3 ? null : LogPlaceSerializer.readNullable(in);
            sightings.add(new Sighting(kind, hash, first, standing, rank, place));
        }
        return sightings;
    }

    @Override
    public TypeSerializerSnapshot<RowMemory> snapshotConfiguration() {
        return new Snapshot();
    }

    /** Names the serializer in savepoints. */
    public static final class Snapshot extends SimpleTypeSerializerSnapshot<RowMemory> {
        public Snapshot() {
            super(RowMemorySerializer::new);
        }
    }
}

package io.webhookdb.schemas.row;

import static org.assertj.core.api.Assertions.assertThat;

import io.webhookdb.schemas.row.Version.Rank;
import java.util.Arrays;
import java.util.UUID;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

class VersionTest {
    @Property
    void comparesPackedAsInWords(
            @ForAll long time,
            @ForAll long otherTime,
            @ForAll Rank rank,
            @ForAll Rank otherRank,
            @ForAll long id,
            @ForAll long otherId) {
        Version one = new Version(time, rank, new UUID(id, otherId));
        Version other = new Version(otherTime, otherRank, new UUID(otherId, id));

        int expected = Long.compare(time, otherTime);
        expected = expected != 0 ? expected : rank.compareTo(otherRank);
        expected = expected != 0 ? expected : Long.compareUnsigned(id, otherId);
        expected = expected != 0 ? expected : Long.compareUnsigned(otherId, id);

        assertThat(Integer.signum(one.compareTo(other))).isEqualTo(Integer.signum(expected));
        assertThat(Integer.signum(one.text().compareTo(other.text())))
                .isEqualTo(Integer.signum(expected));
        assertThat(Integer.signum(Arrays.compareUnsigned(one.bytes(), other.bytes())))
                .isEqualTo(Integer.signum(expected));
    }

    @Property
    void readsWhatItPacked(@ForAll long time, @ForAll Rank rank, @ForAll long a, @ForAll long b) {
        Version version = new Version(time, rank, new UUID(a, b));
        PackedVersion packed =
                new PackedVersion(version, new byte[16], new UUID(b, a), new UUID(a, a));

        assertThat(Version.ofBytes(version.bytes())).isEqualTo(version);
        assertThat(packed.bytes()).hasSize(PackedVersion.LENGTH).startsWith(version.bytes());
        PackedVersion read = PackedVersion.ofBytes(packed.bytes());
        assertThat(read.version()).isEqualTo(version);
        assertThat(read.insertedBy()).isEqualTo(new UUID(b, a));
        assertThat(read.changedBy()).isEqualTo(new UUID(a, a));
    }
}

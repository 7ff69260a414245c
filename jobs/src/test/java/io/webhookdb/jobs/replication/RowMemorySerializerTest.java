package io.webhookdb.jobs.replication;

import static io.webhookdb.jobs.replication.TestingUpdates.at;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.webhookdb.connectors.replica.SourcedRow;
import io.webhookdb.schemas.event.Origin;
import io.webhookdb.schemas.row.Version;
import java.io.IOException;
import java.util.Arrays;
import org.apache.flink.core.memory.DataInputDeserializer;
import org.apache.flink.core.memory.DataOutputSerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RowMemorySerializerTest {
    private final RowMemorySerializer serializer = new RowMemorySerializer();

    @Test
    void readsWhatItWrote() throws IOException {
        RowMemory memory = null;
        for (int event = 1; event <= 5; event++) {
            memory =
                    RowOrdering.decide(
                                    memory,
                                    at(-3).event(event)
                                            .content("content " + event)
                                            .delivery("delivery")
                                            .row(Origin.WEBHOOK))
                            .memory();
        }
        DataOutputSerializer out = new DataOutputSerializer(64);
        serializer.serialize(memory, out);
        RowMemory read = serializer.deserialize(new DataInputDeserializer(out.getCopyOfBuffer()));

        assertThat(read).usingRecursiveComparison().isEqualTo(memory);
    }

    /** Form 2 had no places of sightings, form 1 no ranks either. */
    @ParameterizedTest
    @CsvSource({"1,POLL", "2,PUSH"})
    void readsTheFormsBefore(int form, Version.Rank rank) throws IOException {
        SourcedRow row = at(3).event(1).row(Origin.WEBHOOK);
        RowMemory memory = RowOrdering.decide(null, row).memory();
        DataOutputSerializer out = new DataOutputSerializer(64);
        serializer.serialize(memory, out);
        int place = 4 + row.topic().length() + 4 + 8;
        byte[] old =
                Arrays.copyOf(out.getCopyOfBuffer(), out.length() - place - (form < 2 ? 1 : 0));
        old[0] = (byte) form;
        RowMemory read = serializer.deserialize(new DataInputDeserializer(old));
        assertThat(read.written()).isEqualTo(memory.written());
        assertThat(read.sightings()).hasSize(1);
        assertThat(read.sightings().get(0).rank()).isEqualTo(rank);
        assertThat(read.sightings().get(0).place()).isNull();
    }

    @Test
    void refusesAFormItDoesNotKnow() {
        assertThatThrownBy(
                        () ->
                                serializer.deserialize(
                                        new DataInputDeserializer(new byte[] {99, 0, 0})))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("found form 99");
    }
}

package io.webhookdb.jobs.replication;

import static io.webhookdb.jobs.replication.TestingUpdates.at;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.webhookdb.schemas.event.Origin;
import io.webhookdb.schemas.row.Version;
import java.io.IOException;
import java.util.Arrays;
import org.apache.flink.core.memory.DataInputDeserializer;
import org.apache.flink.core.memory.DataOutputSerializer;
import org.junit.jupiter.api.Test;

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
                                            .update(),
                                    Origin.WEBHOOK)
                            .memory();
        }
        DataOutputSerializer out = new DataOutputSerializer(64);
        serializer.serialize(memory, out);
        RowMemory read = serializer.deserialize(new DataInputDeserializer(out.getCopyOfBuffer()));

        assertThat(read).usingRecursiveComparison().isEqualTo(memory);
    }

    /** Form 1 had no ranks of sightings. */
    @Test
    void readsTheFormBefore() throws IOException {
        RowMemory memory =
                RowOrdering.decide(null, at(3).event(1).update(), Origin.WEBHOOK).memory();
        DataOutputSerializer out = new DataOutputSerializer(64);
        serializer.serialize(memory, out);
        byte[] form1 = Arrays.copyOf(out.getCopyOfBuffer(), out.length() - 1);
        form1[0] = 1;
        RowMemory read = serializer.deserialize(new DataInputDeserializer(form1));
        assertThat(read.written()).isEqualTo(memory.written());
        assertThat(read.sightings()).hasSize(1);
        assertThat(read.sightings().get(0).rank()).isEqualTo(Version.Rank.POLL);
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

package io.webhookdb.connectors.statefun;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.webhookdb.connectors.serialization.VersionedSerializer;
import java.io.IOException;
import java.util.Map;
import org.apache.flink.core.memory.DataInputDeserializer;
import org.apache.flink.core.memory.DataOutputSerializer;
import org.junit.jupiter.api.Test;

class StateFormsTest {
    private static final byte[] BYTES = {0, -1, 7};

    @Test
    void readsWhatItWrote() throws IOException {
        check(new FunctionMessageSerializer(), new FunctionMessage("a/b", "c/d", "t/y", BYTES));
        check(new PendingMessageSerializer(), new PendingMessage("t/y", BYTES, true));
        check(new DelayedMessageSerializer(), new DelayedMessage(5, "token", "t/y", BYTES));
        check(
                new StoredValuesSerializer(),
                new StoredValues(Map.of("name", new StoredValue("t/y", BYTES, Long.MAX_VALUE))));
        check(new BacklogSerializer(), new Backlog(1, 2, 3, 4));
        check(new AgendaSerializer(), new Agenda(1, 2, 3));
    }

    @Test
    void addressesReadBackWhateverTheIdIs() {
        FunctionMessage message = new FunctionMessage("space/name", "sub/row/1", "t/y", BYTES);
        FunctionAddress address = FunctionAddress.of(message.address());
        assertThat(address).isEqualTo(new FunctionAddress("space/name", "sub/row/1"));
        assertThat(address.namespace()).isEqualTo("space");
        assertThat(address.name()).isEqualTo("name");
    }

    @Test
    void refusesATypenameThatIsNotOne() {
        for (String wrong : new String[] {"name", "/name", "space/", "a/b/c"}) {
            assertThatThrownBy(() -> new FunctionMessage(wrong, "id", "t/y", BYTES))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("expected namespace/name");
        }
    }

    private static <T> void check(VersionedSerializer<T> serializer, T value) throws IOException {
        DataOutputSerializer out = new DataOutputSerializer(64);
        serializer.serialize(value, out);
        DataInputDeserializer in = new DataInputDeserializer(out.getCopyOfBuffer());
        assertThat(serializer.deserialize(in)).usingRecursiveComparison().isEqualTo(value);
        assertThat(in.available()).isZero();
    }
}

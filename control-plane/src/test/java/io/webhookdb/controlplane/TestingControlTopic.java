package io.webhookdb.controlplane;

import io.webhookdb.schemas.Topics;
import io.webhookdb.schemas.control.ControlCodec;
import io.webhookdb.schemas.control.ControlHeartbeat;
import io.webhookdb.schemas.control.ControlRecord;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.function.ToLongFunction;
import java.util.stream.Collectors;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/** The control topic as a reader that starts at its beginning sees it. */
public final class TestingControlTopic {
    private TestingControlTopic() {}

    /** Every record so far, heartbeats included, in order. */
    public static List<ControlRecord> all(String bootstrap) {
        return TestingTopic.read(bootstrap, Topics.CONTROL).stream()
                .map(TestingControlTopic::decoded)
                .toList();
    }

    /** Keys and values as they are. */
    public static String text(String bootstrap) {
        return TestingTopic.read(bootstrap, Topics.CONTROL).stream()
                .map(
                        record ->
                                new String(record.key(), StandardCharsets.UTF_8)
                                        + new String(record.value(), StandardCharsets.UTF_8))
                .collect(Collectors.joining("\n"));
    }

    private static ControlRecord decoded(ConsumerRecord<byte[], byte[]> record) {
        ControlRecord decoded = ControlCodec.decode(record.value());
        if (!new String(record.key(), StandardCharsets.UTF_8).equals(decoded.key())) {
            throw new IllegalStateException("Key of " + decoded);
        }
        return decoded;
    }

    /** Every record so far but heartbeats. */
    public static List<ControlRecord> entities(String bootstrap) {
        return all(bootstrap).stream()
                .filter(record -> !(record instanceof ControlHeartbeat))
                .toList();
    }

    /** The newest record of a key. */
    public static Optional<ControlRecord> newest(String bootstrap, String key) {
        return all(bootstrap).stream()
                .filter(record -> record.key().equals(key))
                .reduce((first, second) -> second);
    }

    /** Every record so far of one type and organization, in order. */
    public static <T extends ControlRecord> List<T> of(
            String bootstrap, Class<T> type, ToLongFunction<T> organizationOf, long organization) {
        return all(bootstrap).stream()
                .filter(type::isInstance)
                .map(type::cast)
                .filter(record -> organizationOf.applyAsLong(record) == organization)
                .toList();
    }
}

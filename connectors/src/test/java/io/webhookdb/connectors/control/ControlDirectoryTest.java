package io.webhookdb.connectors.control;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.webhookdb.connectors.control.ControlDirectory.Applied;
import io.webhookdb.schemas.control.ControlCodec;
import io.webhookdb.schemas.control.ControlHeartbeat;
import io.webhookdb.schemas.control.ControlRecord;
import io.webhookdb.schemas.control.ControlRecord.State;
import io.webhookdb.schemas.control.IntegrationControl;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.Test;

class ControlDirectoryTest {
    private final ControlDirectory directory = new ControlDirectory();

    @Test
    void appliesOnlyLargerRevisions() {
        assertThat(directory.apply(integration(2, State.ACTIVE))).isEqualTo(Applied.NEW);
        assertThat(directory.apply(integration(2, State.DELETED))).isEqualTo(Applied.OUTDATED);
        assertThat(directory.apply(integration(1, State.DELETED))).isEqualTo(Applied.OUTDATED);
        assertThat(directory.integration("svi").state()).isEqualTo(State.ACTIVE);
    }

    @Test
    void keepsDeletedEntitiesAsDeleted() {
        directory.apply(integration(1, State.ACTIVE));
        directory.apply(integration(2, State.DELETED));
        directory.apply(integration(1, State.ACTIVE));
        assertThat(directory.integration("svi").state()).isEqualTo(State.DELETED);
    }

    @Test
    void knowsNothingOfWhatItWasNotTold() {
        assertThat(directory.integration("svi")).isNull();
        assertThat(directory.organization(1)).isNull();
        assertThat(directory.definition("hash")).isNull();
    }

    @Test
    void dropsHeartbeatsAndWhatALaterReleaseSays() {
        assertThat(ControlDeserializer.read(record(new ControlHeartbeat(1)))).isEmpty();
        assertThat(
                        ControlDeserializer.read(
                                new ConsumerRecord<>(
                                        "topic",
                                        0,
                                        0,
                                        "moon/1".getBytes(UTF_8),
                                        "{\"kind\":\"moon\"}".getBytes(UTF_8))))
                .isEmpty();
        assertThat(ControlDeserializer.read(new ConsumerRecord<>("topic", 0, 0, null, null)))
                .isEmpty();
        assertThat(ControlDeserializer.read(record(integration(1, State.ACTIVE)))).isPresent();
    }

    private static ConsumerRecord<byte[], byte[]> record(ControlRecord control) {
        return new ConsumerRecord<>(
                "topic", 0, 0, control.key().getBytes(UTF_8), ControlCodec.encode(control));
    }

    private static IntegrationControl integration(long revision, State state) {
        return new IntegrationControl(
                "svi",
                1,
                revision,
                state,
                "service",
                "hash",
                "table",
                null,
                IntegrationControl.VerificationMode.VERIFY,
                1);
    }
}

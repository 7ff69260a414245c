package io.webhookdb.controlplane.provisioner.reading;

import static org.assertj.core.api.Assertions.assertThat;

import io.webhookdb.controlplane.SharedControlPlane;
import io.webhookdb.controlplane.TestingSystem;
import io.webhookdb.controlplane.database.ApplicationDatabase;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(SharedControlPlane.class)
class ReadOffsetsITCase {
    private static final String TOPIC = "topic.v1";

    private final TestingSystem system;

    ReadOffsetsITCase(TestingSystem system) {
        this.system = system;
    }

    @Test
    void meanNothingInALogThatWasMadeAnew() {
        try (ApplicationDatabase database = ApplicationDatabase.open(system.application(), 1)) {
            database.jdbi()
                    .useHandle(
                            handle -> {
                                ReadOffsets.advance(handle, TOPIC, 0, ReadOffsets.NONE, 7);
                                ReadOffsets.advance(handle, "topic.v1.other", 0, -1, 9);

                                assertThat(ReadOffsets.areOf(handle, TOPIC, "first"))
                                        .as("those of a release that did not ask are kept")
                                        .isFalse();
                                assertThat(ReadOffsets.areOf(handle, TOPIC, "first")).isFalse();
                                assertThat(ReadOffsets.of(handle, TOPIC)).isEqualTo(Map.of(0, 7L));
                                assertThat(ReadOffsets.areOf(handle, TOPIC, "second")).isTrue();
                                assertThat(ReadOffsets.of(handle, TOPIC)).isEmpty();
                                assertThat(ReadOffsets.areOf(handle, TOPIC, "second")).isFalse();
                                assertThat(ReadOffsets.of(handle, "topic.v1.other")).hasSize(1);
                            });
        }
    }
}

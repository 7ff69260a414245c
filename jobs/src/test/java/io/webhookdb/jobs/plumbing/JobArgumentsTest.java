package io.webhookdb.jobs.plumbing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import org.junit.jupiter.api.Test;

class JobArgumentsTest {
    private static final Map<String, String> ENVIRONMENT =
            Map.of("WEBHOOKDB_KAFKA_BOOTSTRAP", "one:9092", "WEBHOOKDB_KEYSETS", "/keys");

    @Test
    void takesAnArgumentBeforeItsVariable() {
        JobArguments given = JobArguments.of(ENVIRONMENT, "two:9092");

        assertThat(given.kafka().bootstrapServers()).isEqualTo("two:9092");
        assertThat(given.keysets()).isEqualTo("/keys");
        assertThat(given.outboundAllow()).isEmpty();
    }

    @Test
    void namesTheVariableThatIsMissing() {
        JobArguments given = JobArguments.of(Map.of(), "two:9092");

        assertThatThrownBy(given::keysets)
                .hasMessage("WEBHOOKDB_KEYSETS is not set, and there is no argument 2.");
    }
}

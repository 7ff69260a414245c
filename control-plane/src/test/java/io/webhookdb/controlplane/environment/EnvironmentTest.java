package io.webhookdb.controlplane.environment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.webhookdb.security.connection.PostgresUrl;
import java.util.Map;
import org.junit.jupiter.api.Test;

class EnvironmentTest {
    @Test
    void namesWhatIsMissing() {
        assertThatThrownBy(() -> new Environment(Map.of("A", " ")).required("A"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("A is not set.");
    }

    @Test
    void readsSeveralServers() {
        Environment environment =
                new Environment(Map.of("S", "postgres://u:p%2C@a/d, postgres://u:p@b:1/d\n"));

        assertThat(environment.postgresList("S"))
                .containsExactly(
                        new PostgresUrl("a", 5432, "d", "u", "p,"),
                        new PostgresUrl("b", 1, "d", "u", "p"));
    }

    @Test
    void neverQuotesAValue() {
        Environment environment = new Environment(Map.of("X", "postgres://secret"));

        assertThatThrownBy(() -> environment.postgres("X"))
                .hasMessageStartingWith("X: ")
                .hasMessageNotContaining("secret");
        assertThatThrownBy(() -> environment.number("X", 1, 1, 9))
                .hasMessage("X must be a number from 1 to 9.");
        assertThatThrownBy(() -> environment.enabled("X")).hasMessage("X must be true or false.");
    }

    @Test
    void assumesWhatIsNotSet() {
        Environment environment = new Environment(Map.of());

        assertThat(environment.number("X", 7, 1, 9)).isEqualTo(7);
        assertThat(environment.enabled("X")).isFalse();
    }
}

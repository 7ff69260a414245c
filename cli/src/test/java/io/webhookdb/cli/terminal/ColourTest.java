package io.webhookdb.cli.terminal;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;

class ColourTest {
    @Test
    void isOnForATerminalUnlessTheEnvironmentObjects() {
        assertThat(Colour.onTerminal(Map.of("TERM", "xterm"))).isEqualTo(Colour.ON);
        assertThat(Colour.onTerminal(Map.of("NO_COLOR", ""))).isEqualTo(Colour.ON);
        assertThat(Colour.onTerminal(Map.of("NO_COLOR", "1"))).isEqualTo(Colour.OFF);
        assertThat(Colour.onTerminal(Map.of("TERM", "dumb"))).isEqualTo(Colour.OFF);
    }
}

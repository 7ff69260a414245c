package io.webhookdb.cli.terminal;

import java.util.Map;

/** Whether output is coloured. */
public enum Colour {
    ON,
    OFF;

    private static final String RESET = "\u001b[0m";

    /** Off where the environment asks for it (no-color.org) or the terminal cannot. */
    static Colour onTerminal(Map<String, String> environment) {
        boolean unwanted = !environment.getOrDefault("NO_COLOR", "").isEmpty();
        boolean unable = "dumb".equals(environment.get("TERM"));
        return unwanted || unable ? OFF : ON;
    }

    /** A heading. */
    public String strong(String text) {
        return this == ON ? "\u001b[1m" + text + RESET : text;
    }

    /** Something of less weight than its surroundings. */
    public String faint(String text) {
        return this == ON ? "\u001b[2m" + text + RESET : text;
    }
}

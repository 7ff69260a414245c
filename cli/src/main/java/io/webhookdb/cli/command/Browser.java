package io.webhookdb.cli.command;

import io.webhookdb.cli.CliFailure;
import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** The person's web browser. */
final class Browser {
    private Browser() {}

    /**
     * Opens a page, with the command in {@code BROWSER} or the system's own.
     *
     * @throws CliFailure if it is no web address or nothing opens it
     */
    static void open(String url, Map<String, String> environment) {
        // The address comes from the server: as a file or an option it could start something else.
        if (!url.startsWith("https://") && !url.startsWith("http://")) {
            throw CliFailure.api("\"" + url + "\" is no web address; it was not opened");
        }
        String command = environment.getOrDefault("BROWSER", opener());
        try {
            new ProcessBuilder(List.of(command, url))
                    .redirectOutput(Redirect.DISCARD)
                    .redirectError(Redirect.DISCARD)
                    .start();
        } catch (IOException e) {
            throw CliFailure.usage(
                    "Cannot start \"" + command + "\"; open the address yourself, or set BROWSER",
                    e);
        }
    }

    private static String opener() {
        String system = System.getProperty("os.name").toLowerCase(Locale.ROOT);
        if (system.contains("mac")) {
            return "open";
        }
        return system.contains("win") ? "explorer" : "xdg-open";
    }
}

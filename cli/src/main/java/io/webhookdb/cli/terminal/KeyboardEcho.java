package io.webhookdb.cli.terminal;

import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.charset.StandardCharsets;

/**
 * Turns the echo of the keyboard off where {@link java.io.Console} cannot: input from a terminal,
 * output into a file or pipe. Does nothing where the input is no terminal or there is no {@code
 * stty}.
 */
final class KeyboardEcho implements AutoCloseable {
    private final String before;
    private final Thread onExit = new Thread(this::restore);

    private KeyboardEcho(String before) {
        this.before = before;
    }

    static KeyboardEcho off() {
        String before = stty("-g");
        KeyboardEcho echo = new KeyboardEcho(before);
        if (!before.isEmpty()) {
            // Ctrl-C while typing must not leave a terminal that shows nothing.
            Runtime.getRuntime().addShutdownHook(echo.onExit);
            stty("-echo");
        }
        return echo;
    }

    @Override
    public void close() {
        if (!before.isEmpty()) {
            restore();
            Runtime.getRuntime().removeShutdownHook(onExit);
        }
    }

    private void restore() {
        stty(before);
    }

    /** What {@code stty} printed; empty if it could not do it. */
    private static String stty(String argument) {
        try {
            Process process =
                    new ProcessBuilder("stty", argument)
                            .redirectInput(Redirect.INHERIT)
                            .redirectError(Redirect.DISCARD)
                            .start();
            byte[] printed = process.getInputStream().readAllBytes();
            return process.waitFor() == 0
                    ? new String(printed, StandardCharsets.US_ASCII).strip()
                    : "";
        } catch (IOException e) {
            return ""; // no stty here: the answer is asked with echo, as with any pipe
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return "";
        }
    }
}

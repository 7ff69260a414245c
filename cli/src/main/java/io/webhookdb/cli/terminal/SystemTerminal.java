package io.webhookdb.cli.terminal;

import java.io.Console;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;

/**
 * The process's own streams. With a person at the keyboard the questions go to the console; with
 * the output redirected they go to standard error, and a secret is still not echoed.
 */
public final class SystemTerminal implements Terminal {
    private final Console console = System.console();
    private final PrintStream out = stream(FileDescriptor.out);
    private final PrintStream err = stream(FileDescriptor.err);
    private final PipedTerminal piped = new PipedTerminal(System.in, out, err);
    private final Map<String, String> environment;

    public SystemTerminal(Map<String, String> environment) {
        this.environment = environment;
    }

    // System.out follows the locale, and in the C locale turns every letter beyond ASCII into '?'.
    private static PrintStream stream(FileDescriptor descriptor) {
        return new PrintStream(new FileOutputStream(descriptor), true, StandardCharsets.UTF_8);
    }

    @Override
    public PrintStream out() {
        return out;
    }

    @Override
    public PrintStream err() {
        return err;
    }

    @Override
    public Optional<String> ask(String question, Echo echo) {
        out.flush();
        if (console != null) {
            return Optional.ofNullable(
                    echo == Echo.SHOWN ? console.readLine("%s", question) : secret(question));
        }
        if (echo == Echo.SHOWN) {
            return piped.ask(question, echo);
        }
        try (KeyboardEcho off = KeyboardEcho.off()) {
            return piped.ask(question, echo);
        }
    }

    private String secret(String question) {
        char[] typed = console.readPassword("%s", question);
        return typed == null ? null : new String(typed);
    }

    @Override
    public Colour colour() {
        // A console exists only where both input and output are a terminal.
        return console == null ? Colour.OFF : Colour.onTerminal(environment);
    }
}

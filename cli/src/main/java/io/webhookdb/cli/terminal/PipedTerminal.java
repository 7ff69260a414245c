package io.webhookdb.cli.terminal;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/**
 * No person at a keyboard: every line of the input is one answer. Questions go to {@link #err()},
 * so that the output holds results only.
 */
public final class PipedTerminal implements Terminal {
    private final BufferedReader in;
    private final PrintStream out;
    private final PrintStream err;

    public PipedTerminal(InputStream in, PrintStream out, PrintStream err) {
        this.in = new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8));
        this.out = out;
        this.err = err;
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
        err.print(question);
        err.flush();
        try {
            Optional<String> answer = Optional.ofNullable(in.readLine());
            err.println();
            return answer;
        } catch (IOException e) {
            throw new UncheckedIOException("Reading an answer from the input", e);
        }
    }

    @Override
    public Colour colour() {
        return Colour.OFF;
    }
}

package io.webhookdb.cli.terminal;

import java.io.PrintStream;
import java.util.Optional;

/** Where a command prints and asks. */
public interface Terminal {
    /** What was asked for. UTF-8, whatever the locale. */
    PrintStream out();

    /** Messages beside the result, questions, errors. */
    PrintStream err();

    /**
     * Asks and waits for one line.
     *
     * @return the line without its end; empty at the end of input
     */
    Optional<String> ask(String question, Echo echo);

    /** Colour of {@link #out()} where the command line does not say otherwise. */
    Colour colour();
}

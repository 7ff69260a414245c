package io.webhookdb.cli.conversation;

import io.webhookdb.cli.CliFailure;
import io.webhookdb.cli.terminal.Terminal;
import java.util.Optional;
import java.util.Set;

/**
 * Gets the answers of one conversation. At the end of input a question counts as answered with
 * nothing, as if Enter had been pressed, but only a few times: the server may ask for ever.
 */
final class Answers {
    static final int BLANK_ROUNDS = 3;

    // Where nothing means something: consent to what cannot be undone, or another login code by
    // mail.
    private static final Set<String> NEVER_BY_SILENCE = Set.of("guard_confirm", "token");

    private final Terminal terminal;
    private int blankRounds;

    Answers(Terminal terminal) {
        this.terminal = terminal;
    }

    /**
     * Asks.
     *
     * @throws CliFailure if the input has ended and nothing more may be taken for an answer
     */
    String to(Step step) {
        Optional<String> typed = terminal.ask(step.question(), step.echo());
        if (typed.isPresent()) {
            blankRounds = 0;
            return typed.get();
        }
        if (NEVER_BY_SILENCE.contains(step.key()) || blankRounds == BLANK_ROUNDS) {
            throw CliFailure.api(
                    "The input ended, but the server still asks \""
                            + step.question().strip()
                            + "\". Answer at a terminal, or pipe one line for every question"
                            + " (an empty line for Enter).");
        }
        blankRounds++;
        return "";
    }
}

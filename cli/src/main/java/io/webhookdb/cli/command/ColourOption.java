package io.webhookdb.cli.command;

import io.webhookdb.cli.terminal.Colour;
import picocli.CommandLine.Option;

/** {@code --color}: says so where the terminal should not decide. */
final class ColourOption {
    @Option(
            names = {"-c", "--color"},
            negatable = true,
            description = "Colour the table. Default: on a terminal, unless NO_COLOR is set.")
    Boolean colour;

    Colour or(Colour otherwise) {
        if (colour == null) {
            return otherwise;
        }
        return colour ? Colour.ON : Colour.OFF;
    }
}

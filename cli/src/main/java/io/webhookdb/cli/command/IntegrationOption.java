package io.webhookdb.cli.command;

import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** An integration, as argument or flag. */
final class IntegrationOption {
    @Option(
            names = {"-i", "--integration"},
            paramLabel = "INTEGRATION",
            description = "The same as a flag.")
    String flag;

    @Parameters(
            arity = "0..1",
            paramLabel = "INTEGRATION",
            description = "Id (svi_...), service or table name. See `webhookdb integrations list`.")
    String argument;

    /** Which one; a usage failure if none is named. */
    String required() {
        return Given.required(
                "INTEGRATION", optional(), "`webhookdb integrations list` shows what there is.");
    }

    /** Which one, or null. */
    String optional() {
        return Given.once("INTEGRATION", argument, flag);
    }
}

package io.webhookdb.cli.command;

import io.webhookdb.cli.CliFailure;

/** Values that may be given as an argument or as a flag. */
final class Given {
    private Given() {}

    /**
     * The value given, or null.
     *
     * @throws CliFailure if two different ones are given
     */
    static String once(String label, String argument, String flag) {
        if (argument != null && flag != null && !argument.equals(flag)) {
            throw CliFailure.usage(
                    "%s is given twice: \"%s\" as argument and \"%s\" as flag"
                            .formatted(label, argument, flag));
        }
        return argument != null ? argument : flag;
    }

    /**
     * The value, which must be there.
     *
     * @throws CliFailure if it is null or blank
     */
    static String required(String label, String value, String hint) {
        if (value == null || value.isBlank()) {
            throw CliFailure.usage("Missing " + label + ". " + hint);
        }
        return value;
    }
}

package io.webhookdb.security.keyset;

import java.io.UncheckedIOException;
import java.nio.file.Path;

/**
 * Makes the keysets of a new installation: {@code keysets FOLDER}. Keysets that are there stay as
 * they are. Nothing else ever makes one outside {@code up} and {@code demo}: there is no default.
 */
public final class KeysetsMain {
    private KeysetsMain() {}

    /** Exit code 0 when they are there, 1 for wrong usage, 2 if they cannot be written. */
    public static void main(String[] arguments) {
        if (arguments.length != 1 || arguments[0].isBlank()) {
            System.err.println("keysets FOLDER: name the folder the keysets are to be made in.");
            System.exit(1);
            return;
        }
        try {
            KeysetFolder.openOrGenerate(Path.of(arguments[0]));
            System.out.println(
                    "Keysets are in " + arguments[0] + ". Back them up, apart from the database.");
        } catch (UncheckedIOException | IllegalStateException | IllegalArgumentException e) {
            System.err.println("keysets: " + e.getMessage());
            System.exit(2);
        }
    }
}

package io.webhookdb.standalone;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/** Collects what is wrong with settings, so that it can be said at once. */
final class WrongSettings {
    private final List<String> found = new ArrayList<>();

    /**
     * Reads a setting.
     *
     * @param variable its name, or how the names of several begin; told where the reader does not
     * @return what was read, or null if it is wrong
     */
    <T> T read(String variable, Supplier<T> reader) {
        try {
            return reader.get();
        } catch (IllegalArgumentException e) {
            String message = String.valueOf(e.getMessage());
            found.add(message.contains("WEBHOOKDB_") ? message : variable + ": " + message);
            return null;
        }
    }

    /**
     * Ends the reading.
     *
     * @throws IllegalArgumentException if anything was wrong, a line for each
     */
    void refuse() {
        if (!found.isEmpty()) {
            throw new IllegalArgumentException(String.join("\n", found));
        }
    }
}

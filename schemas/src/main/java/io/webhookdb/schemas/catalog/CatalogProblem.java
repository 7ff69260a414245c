package io.webhookdb.schemas.catalog;

/**
 * One thing wrong with a definition.
 *
 * @param file file it is in
 * @param path place in the file, as a JSON Pointer
 * @param message value found, what was expected, what is allowed
 */
public record CatalogProblem(String file, String path, String message) {
    @Override
    public String toString() {
        return file + " at " + (path.isEmpty() ? "/" : path) + ": " + message;
    }
}

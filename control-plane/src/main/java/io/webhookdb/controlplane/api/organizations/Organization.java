package io.webhookdb.controlplane.api.organizations;

/**
 * A tenant.
 *
 * @param id numeric id
 * @param key slug
 * @param name as people write it
 * @param revision of its control record
 * @param maxQueryRows row cap of one query
 */
public record Organization(long id, String key, String name, long revision, int maxQueryRows) {
    /** The contract's form. */
    public View view() {
        return new View(id, name, key);
    }

    Told told(String message) {
        return new Told(id, name, key, message);
    }

    /** The contract's form, with a text for the terminal. */
    record Told(long id, String name, String key, String message) {}

    /** The contract's form. */
    public record View(long id, String name, String key) {}
}

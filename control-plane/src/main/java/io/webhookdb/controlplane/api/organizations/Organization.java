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

    /** The contract's form. */
    public record View(long id, String name, String key) {}
}

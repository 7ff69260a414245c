package io.webhookdb.connectors.statefun;

import java.util.Map;

/**
 * The persisted values of one address, read and written as one: a call carries all of them anyway.
 *
 * @param byName expired ones included, until a sweep; never mutated
 */
record StoredValues(Map<String, StoredValue> byName) {
    static final StoredValues NONE = new StoredValues(Map.of());
}

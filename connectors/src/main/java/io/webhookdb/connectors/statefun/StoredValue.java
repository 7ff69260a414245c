package io.webhookdb.connectors.statefun;

/**
 * A persisted value of a function.
 *
 * @param type typename of the value
 * @param value as the function's serializer wrote it
 * @param expiresAt milliseconds since the epoch; {@link Long#MAX_VALUE} for never
 */
record StoredValue(String type, byte[] value, long expiresAt) {}

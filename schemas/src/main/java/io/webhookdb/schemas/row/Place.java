package io.webhookdb.schemas.row;

/**
 * Where a value stands, as slots of the scanner: one if the resource was wrapped in an event,
 * another if the body is the resource; -1 where the value cannot be.
 */
record Place(int wrapped, int bare) {}

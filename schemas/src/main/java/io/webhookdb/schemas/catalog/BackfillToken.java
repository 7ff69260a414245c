package io.webhookdb.schemas.catalog;

/**
 * Where the refresh token of each row's owner is: sealed, in a row of another table of the same
 * organization. All integrations that use it are one account, that of the owners' integration.
 *
 * @param service service of that table; it has {@link Owners}
 * @param key JSON Pointer, in {@code data} of the row fanned out over, to the owner's remote key
 * @param member under which name it was sealed
 */
public record BackfillToken(String service, String key, String member) {}

package io.webhookdb.schemas.catalog;

/**
 * A listing that is complete tells what is gone. After a complete run (never after one that stopped
 * early) each living row it did not bring becomes an item with its last {@code data} and {@code
 * true} in this member; a delete rule of the service recognises it.
 *
 * @param member name in the item; one the vendor does not use
 */
public record BackfillMissing(String member) {}

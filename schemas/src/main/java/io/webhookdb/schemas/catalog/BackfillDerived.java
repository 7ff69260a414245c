package io.webhookdb.schemas.catalog;

/**
 * Items that come inside the resources of another table: nothing is asked of the vendor.
 *
 * @param from service of that table; every change of its rows brings an item
 * @param pointer JSON Pointer to the item in {@code data} of the row; null there: no item
 */
public record BackfillDerived(String from, String pointer) {}

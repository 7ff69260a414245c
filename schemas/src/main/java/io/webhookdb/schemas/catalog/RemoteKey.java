package io.webhookdb.schemas.catalog;

/**
 * The column that identifies a resource at the vendor: unique and never null.
 *
 * @param column column name
 * @param type column type
 * @param pointer JSON Pointer into the resource
 */
public record RemoteKey(String column, ColumnType type, String pointer) {}

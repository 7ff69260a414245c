package io.webhookdb.schemas.catalog;

/** How a vendor writes the body of its webhooks. */
public enum BodyFormat {
    JSON,
    /** {@code application/x-www-form-urlencoded}: read as a flat JSON object of text. */
    FORM
}

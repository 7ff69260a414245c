package io.webhookdb.controlplane.database;

/** How the application database keeps read-only connection strings. */
public final class ReadonlyUrl {
    private ReadonlyUrl() {}

    /** Associated data under which an organization's read-only URL is encrypted. */
    public static String context(long organization) {
        return "organization/" + organization + "/readonly_url";
    }
}

package io.webhookdb.connectors.statefun;

/**
 * Whose a function's address is.
 *
 * @param organization numeric id, 0 if unknown
 * @param integration opaque id, empty if unknown
 */
public record FunctionOwner(long organization, String integration) {
    /** No one in particular. */
    public static final FunctionOwner UNKNOWN = new FunctionOwner(0, "");
}

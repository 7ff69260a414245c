package io.webhookdb.cli.prefs;

import java.util.Optional;

/**
 * One login at one API.
 *
 * @param token session token, sent with every request
 * @param email who is logged in; blank if unknown
 * @param organization the active one
 */
public record Login(
        Optional<String> token, String email, Optional<ActiveOrganization> organization) {
    /** Nobody. */
    public static final Login NONE = new Login(Optional.empty(), "", Optional.empty());

    /** The same login with another active organization. */
    public Login activating(ActiveOrganization other) {
        return new Login(token, email, Optional.of(other));
    }

    /** Never the token. */
    @Override
    public String toString() {
        return "Login[" + email + ", " + organization + "]";
    }
}

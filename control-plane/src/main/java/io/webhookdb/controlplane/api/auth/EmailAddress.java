package io.webhookdb.controlplane.api.auth;

import io.webhookdb.controlplane.api.http.ApiException;
import java.util.Locale;
import java.util.regex.Pattern;

/** Reads what a person typed as their address. */
public final class EmailAddress {
    private static final Pattern PLAUSIBLE =
            Pattern.compile("[^@\\s\\p{Cntrl}]{1,64}@[^@\\s\\p{Cntrl}]{1,189}");

    private EmailAddress() {}

    /**
     * The address in the form it is stored and compared in.
     *
     * @throws ApiException if it cannot be an address
     */
    public static String normalized(String typed) {
        String email = typed.toLowerCase(Locale.ROOT);
        if (!PLAUSIBLE.matcher(email).matches()) {
            throw ApiException.validation(
                    "email",
                    "is no e-mail address",
                    "\""
                            + typed
                            + "\" is no e-mail address; expected one such as ada@example.com.");
        }
        return email;
    }
}

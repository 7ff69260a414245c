package io.webhookdb.controlplane.api.organizations;

import io.webhookdb.controlplane.api.http.ApiException;
import java.util.Locale;

/** What a member may do. */
public enum Role {
    ADMIN("admin"),
    MEMBER("member");

    private final String word;

    Role(String word) {
        this.word = word;
    }

    /** The stored and shown word. */
    public String word() {
        return word;
    }

    /** The role somebody typed; 400 if it is none. */
    static Role typed(String word) {
        try {
            return of(word.toLowerCase(Locale.ROOT));
        } catch (IllegalArgumentException e) {
            throw ApiException.validation(
                    "role_name",
                    "must be admin or member",
                    "There is no role \"" + word + "\". Allowed: admin, member.");
        }
    }

    /** Parses {@link #word()}. */
    static Role of(String word) {
        for (Role role : values()) {
            if (role.word.equals(word)) {
                return role;
            }
        }
        throw new IllegalArgumentException(
                "Unknown role \"" + word + "\". Allowed: admin, member.");
    }
}

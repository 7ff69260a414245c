package io.webhookdb.controlplane.api.organizations;

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

package io.webhookdb.controlplane.api.auth;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** What an API token may be used for. Each allows what the one before it does, and more. */
public enum TokenScope {
    /** See what a member sees, and query; no credentials. */
    READ,
    /** Change what is stored in an organization and where it goes; read credentials. */
    WRITE,
    /** Decide what comes in: integrations, their secrets, backfills, replays. */
    INGEST_ADMIN;

    /** The stored and shown word. */
    public String word() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** Parses {@link #word()}; empty if it is none. */
    public static Optional<TokenScope> of(String word) {
        return Arrays.stream(values()).filter(scope -> scope.word().equals(word)).findFirst();
    }

    /** All words. */
    public static List<String> words() {
        return Arrays.stream(values()).map(TokenScope::word).toList();
    }

    /** Whether a token of this scope may do what needs another. */
    public boolean covers(TokenScope needed) {
        return compareTo(needed) >= 0;
    }
}

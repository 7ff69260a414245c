package io.webhookdb.embedded;

/** What close does with a server's directory. */
public enum Lifetime {
    /** Keeps it, for the next start. */
    KEPT,
    /** Removes it, so that nothing in it has to outlive a crash of the machine. */
    TEMPORARY
}

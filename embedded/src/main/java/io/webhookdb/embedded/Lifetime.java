package io.webhookdb.embedded;

/** What close does with a server's directory. */
public enum Lifetime {
    KEPT,
    TEMPORARY
}

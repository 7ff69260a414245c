package io.webhookdb.cli.terminal;

/** Whether what is typed can be seen. */
public enum Echo {
    SHOWN,
    HIDDEN
}

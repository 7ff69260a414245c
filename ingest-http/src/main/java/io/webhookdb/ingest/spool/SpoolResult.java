package io.webhookdb.ingest.spool;

/** What became of an event that was given to the spool. */
public enum SpoolResult {
    /** It is on the disk, and will be there after a crash. */
    KEPT,
    /** The limit is reached; what was kept before stays. */
    FULL,
    /** The disk did not take it: full, read-only or broken. */
    FAILED
}

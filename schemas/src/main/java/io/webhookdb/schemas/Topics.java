package io.webhookdb.schemas;

/**
 * Names of the Kafka topics, fixed for every deployment. The {@code v1} is the form of the records.
 */
public final class Topics {
    /** Raw requests pushed by vendors, accepted and verified. Not keyed. */
    public static final String EVENTS = "webhookdb.events.v1";

    /** Objects fetched from vendors' APIs, in the same form as {@link #EVENTS}. */
    public static final String BACKFILL_EVENTS = "webhookdb.events.backfill.v1";

    /** Requests refused at ingest, in the same form as {@link #EVENTS}. */
    public static final String REJECTED = "webhookdb.rejected.v1";

    /** Committed row changes, JSON, keyed by organization, integration and row. */
    public static final String CHANGES = "webhookdb.changes.v1";

    /** What exists: organizations, integrations, definitions. Compacted, one partition. */
    public static final String CONTROL = "webhookdb.control.v1";

    /** What jobs report back to the control plane. */
    public static final String STATUS = "webhookdb.status.v1";

    /** Resources that events named without bringing them, keyed by integration. */
    public static final String FETCHES = "webhookdb.fetches.v1";

    /** References to records that could not be applied, with the reason. */
    public static final String DEAD_LETTERS = "webhookdb.dead-letters.v1";

    private Topics() {}
}

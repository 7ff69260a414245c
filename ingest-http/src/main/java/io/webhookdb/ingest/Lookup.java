package io.webhookdb.ingest;

/** What ingest knows of the integration a request names. */
sealed interface Lookup {

    /** It can be served. */
    record Found(Endpoint endpoint) implements Lookup {}

    /** It cannot. */
    enum Missing implements Lookup {
        /** Not known, and the control topic may still bring it. */
        UNDECIDED,
        /** It does not exist: deleted, or everything published up to the request is known. */
        ABSENT,
        /** It exists and its service takes no webhooks. */
        NOT_PUSHED,
        /** It exists and this process cannot verify its requests, for example for lack of a key. */
        UNUSABLE
    }
}

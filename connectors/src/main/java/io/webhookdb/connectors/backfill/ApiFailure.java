package io.webhookdb.connectors.backfill;

/** Why an answer brought no page. */
enum ApiFailure {
    /** Someone has to change something: refused credentials, a wrong URL, a missing right. */
    CONFIGURATION,
    /** The credential of one owner was taken back, or has ended; others' are not concerned. */
    REVOKED,
    /** The vendor asks to be left alone for a while. */
    WAIT,
    /** It may work by itself later: no connection, a server's error. */
    TRANSIENT,
    /** Answered, but not as its documentation says. */
    UNREADABLE
}

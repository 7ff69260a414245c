package io.webhookdb.connectors.replica;

import java.io.Serializable;
import java.time.Duration;

/**
 * Limits on every wait for a database, so that none holds a thread for good. Whole seconds, except
 * statement and lock.
 *
 * @param connect TCP connect
 * @param login silence of the server while the login is under way
 * @param socket silence while an answer is due; longer than statement, which the server enforces
 * @param statement one statement
 * @param lock waiting for a lock
 * @param idle how long an unused connection stays open
 */
public record ConnectionTimeouts(
        Duration connect,
        Duration login,
        Duration socket,
        Duration statement,
        Duration lock,
        Duration idle)
        implements Serializable {

    /** What production uses. */
    public static final ConnectionTimeouts DEFAULT =
            new ConnectionTimeouts(
                    Duration.ofSeconds(5),
                    Duration.ofSeconds(10),
                    Duration.ofSeconds(40),
                    Duration.ofSeconds(30),
                    Duration.ofSeconds(5),
                    Duration.ofSeconds(30));
}

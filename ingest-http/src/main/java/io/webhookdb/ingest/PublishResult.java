package io.webhookdb.ingest;

import org.apache.kafka.common.errors.AuthenticationException;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.InvalidConfigurationException;
import org.apache.kafka.common.errors.InvalidTopicException;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.errors.UnsupportedVersionException;

/** What became of a record that was given to Kafka or, where there is one, to the spool. */
enum PublishResult {
    /** All in-sync replicas have it, or the local disk. */
    STORED,
    /** Away, slow or full: the same request may succeed later. */
    TRANSIENT,
    /** Kafka refuses this process; somebody has to change something. */
    CONFIGURATION,
    /** Kafka refuses this record, now and later: it is larger than the topic allows. */
    POISON,
    /** Kafka is away and the spool has reached its limit. */
    SPOOL_FULL;

    /** Classifies the error of a send; null is success. */
    static PublishResult of(Exception error) {
        if (error == null) {
            return STORED;
        }
        if (error instanceof RecordTooLargeException) {
            return POISON;
        }
        if (error instanceof AuthenticationException
                || error instanceof AuthorizationException
                || error instanceof InvalidConfigurationException
                || error instanceof InvalidTopicException
                || error instanceof UnsupportedVersionException) {
            return CONFIGURATION;
        }
        return TRANSIENT;
    }
}

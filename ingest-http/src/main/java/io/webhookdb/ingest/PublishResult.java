package io.webhookdb.ingest;

import org.apache.kafka.common.errors.AuthenticationException;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.InvalidConfigurationException;
import org.apache.kafka.common.errors.InvalidTopicException;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.errors.UnsupportedVersionException;

/** What Kafka made of a record. */
enum PublishResult {
    /** All in-sync replicas have it. */
    STORED,
    /** Away, slow or full: the same request may succeed later. */
    TRANSIENT,
    /** Kafka refuses this process; somebody has to change something. */
    CONFIGURATION,
    /** Kafka refuses this record, now and later: it is larger than the topic allows. */
    POISON;

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

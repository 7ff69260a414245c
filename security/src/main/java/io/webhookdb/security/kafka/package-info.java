/**
 * How our own clients reach Kafka: encrypted, logged in, and without a password in their settings.
 */
package io.webhookdb.security.kafka;

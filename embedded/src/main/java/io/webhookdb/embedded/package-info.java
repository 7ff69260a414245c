/**
 * The Kafka broker and the Postgres server that come in the box.
 *
 * <p>Both listen on 127.0.0.1 only, keep their data in one directory each, start again from that
 * directory after a clean close and after kill -9, and register no shutdown hook: whoever starts
 * one closes it.
 */
package io.webhookdb.embedded;

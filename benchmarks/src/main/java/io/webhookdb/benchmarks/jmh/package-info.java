/** The steps of the hot path one by one, under JMH. */
package io.webhookdb.benchmarks.jmh;

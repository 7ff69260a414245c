/**
 * Measurements of the pipeline: each against a peer in the same run, so that the ratio says
 * something on any machine.
 */
package io.webhookdb.benchmarks;

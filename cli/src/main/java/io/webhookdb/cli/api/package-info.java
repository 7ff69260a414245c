/** Requests, answers, and the one place that speaks HTTP. */
package io.webhookdb.cli.api;

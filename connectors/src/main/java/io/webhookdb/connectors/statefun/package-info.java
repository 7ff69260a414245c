/**
 * Runs StateFun functions in a Flink job: {@link
 * io.webhookdb.connectors.statefun.FunctionHostFactory} makes a keyed operator that speaks
 * StateFun's request-reply protocol to functions in process or at HTTP endpoints.
 */
package io.webhookdb.connectors.statefun;

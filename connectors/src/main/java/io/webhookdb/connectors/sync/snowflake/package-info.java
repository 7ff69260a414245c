/** Rows to Snowflake: compressed files in a temporary stage, COPY, and one MERGE by version. */
package io.webhookdb.connectors.sync.snowflake;

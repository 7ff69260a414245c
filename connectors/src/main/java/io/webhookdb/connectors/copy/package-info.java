/** How rows are written down for COPY; shared by all who copy into a Postgres. */
package io.webhookdb.connectors.copy;

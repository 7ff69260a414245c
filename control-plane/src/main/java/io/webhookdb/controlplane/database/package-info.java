/** The application database: connections, migrations, and the list of what is to be provisioned. */
package io.webhookdb.controlplane.database;

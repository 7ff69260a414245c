/** The organization's database: its address, its tables, and queries as its reader. */
package io.webhookdb.controlplane.api.db;

package io.webhookdb.connectors.replica;

import io.webhookdb.schemas.catalog.ServiceDefinition;
import io.webhookdb.schemas.control.IntegrationControl.Deletion;
import io.webhookdb.schemas.control.OrganizationControl;
import java.util.List;

/**
 * Rows to write in one transaction.
 *
 * @param organization whose database
 * @param service what the table holds
 * @param table its name
 * @param deletion what becomes of deleted rows
 * @param rows distinct keys, all made by that definition
 */
record Batch(
        OrganizationControl organization,
        ServiceDefinition service,
        String table,
        Deletion deletion,
        List<SourcedRow> rows) {}

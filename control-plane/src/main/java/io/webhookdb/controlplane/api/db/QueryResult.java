package io.webhookdb.controlplane.api.db;

import java.util.List;

/**
 * The contract's form of a query's result.
 *
 * @param headers column names in select order
 * @param rows cells; what Jackson writes for each is the JSON of the cell
 * @param maxRowsReached whether there were more rows
 */
record QueryResult(List<String> headers, List<List<Object>> rows, boolean maxRowsReached) {}

package io.webhookdb.connectors.replica;

import io.webhookdb.schemas.row.PackedVersion;
import java.util.Map;

/**
 * A row as the statement left it.
 *
 * @param index place of its update in the batch, from 0
 * @param pk primary key
 * @param version bookkeeping after the statement
 * @param deleted whether it is a tombstone
 * @param row remote key and columns by name, each value as JSON
 * @param data JSON of the resource where the update did not bring it; else null
 * @param oldRow like {@code row}, before the statement; null if there was none or the server cannot
 *     tell
 */
record StoredRow(
        int index,
        long pk,
        PackedVersion version,
        boolean deleted,
        Map<String, String> row,
        String data,
        Map<String, String> oldRow) {}

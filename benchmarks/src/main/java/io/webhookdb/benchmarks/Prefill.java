package io.webhookdb.benchmarks;

import io.webhookdb.schemas.row.TableSql;
import java.sql.SQLException;

/** Rows that are in a table before a measurement begins. */
final class Prefill {
    private Prefill() {}

    /** Makes a table with that many rows; its indexes come last, as when one is restored. */
    static void table(BenchmarkSystem system, long organization, String table, long rows)
            throws SQLException {
        String database = BenchmarkSystem.database(organization);
        system.execute(database, TableSql.createTable(Charges.SERVICE, "public", table));
        if (rows > 0) {
            fill(system, database, table, rows);
        }
        for (String index :
                TableSql.createIndexes(Charges.SERVICE, "public", table, table + "_i")) {
            system.execute(database, index);
        }
        system.own(database, table);
    }

    private static void fill(BenchmarkSystem system, String database, String table, long rows)
            throws SQLException {
        system.execute(
                database,
                """
                INSERT INTO %s (stripe_id, amount, balance_transaction, billing_email, created,
                  customer, invoice, payment_type, receipt_email, status, updated, _version,
                  _synced_at, data)
                SELECT 'ch_' || lpad(i::text, 10, '0'), i %% 10000, 'txn_' || i, i || '@example.com',
                  '2020-01-01', 'cus_' || i, 'in_' || i, 'card', i || '@example.com', 'succeeded',
                  '2023-01-01', decode(repeat('00', 73), 'hex'), now(),
                  jsonb_build_object('id', 'ch_' || i, 'filler', repeat('x', 200))
                FROM generate_series(1, %d) AS i
                """
                        .formatted(table, rows));
        system.execute(database, "VACUUM ANALYZE " + table);
    }
}

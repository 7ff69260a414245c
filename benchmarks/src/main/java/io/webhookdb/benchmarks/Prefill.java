package io.webhookdb.benchmarks;

import java.sql.SQLException;

/** Rows that are in a table before a measurement begins. */
final class Prefill {
    private Prefill() {}

    static void fill(BenchmarkSystem system, long organization, String table, long rows)
            throws SQLException {
        if (rows == 0) {
            return;
        }
        String database = BenchmarkSystem.database(organization);
        system.execute(
                database,
                """
                INSERT INTO %s (stripe_id, amount, balance_transaction, billing_email, created,
                  customer, invoice, payment_type, receipt_email, status, updated, _version,
                  _synced_at, data)
                SELECT 'ch_' || lpad(i::text, 10, '0'), i %% 10000, 'txn_' || i, i || '@example.com',
                  '2020-01-01', 'cus_' || i, 'in_' || i, 'card', i || '@example.com', 'succeeded',
                  '2023-01-01', decode(repeat('00', 73), 'hex'), now(),
                  jsonb_build_object('id', 'ch_' || i, 'filler', repeat('x', 900))
                FROM generate_series(1, %d) AS i
                """
                        .formatted(table, rows));
        system.execute(database, "ANALYZE " + table);
    }
}

package io.webhookdb.benchmarks;

import io.webhookdb.schemas.row.TableSql;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/** Rows that are in a table before a measurement begins. */
final class Prefill {
    /** Each takes a lock for the table and every index. */
    private static final int MOST_AT_ONCE = 50;

    private Prefill() {}

    /** Empty tables, many in a transaction: ten thousand would take a quarter of an hour. */
    static void tables(BenchmarkSystem system, long organization, List<String> tables)
            throws SQLException {
        for (int first = 0; first < tables.size(); first += MOST_AT_ONCE) {
            List<String> statements = new ArrayList<>();
            for (String table :
                    tables.subList(first, Math.min(tables.size(), first + MOST_AT_ONCE))) {
                statements.add(TableSql.createTable(Charges.SERVICE, "public", table));
                statements.addAll(indexes(table));
                statements.add(BenchmarkSystem.owned(table));
            }
            system.execute(BenchmarkSystem.database(organization), String.join(";\n", statements));
        }
    }

    private static List<String> indexes(String table) {
        return TableSql.createIndexes(Charges.SERVICE, "public", table, table + "_i");
    }

    /** Makes a table with that many rows; its indexes come last, as when one is restored. */
    static void table(BenchmarkSystem system, long organization, String table, long rows)
            throws SQLException {
        String database = BenchmarkSystem.database(organization);
        system.execute(database, TableSql.createTable(Charges.SERVICE, "public", table));
        if (rows > 0) {
            fill(system, database, table, rows);
        }
        for (String index : indexes(table)) {
            system.execute(database, index);
        }
        system.execute(database, BenchmarkSystem.owned(table));
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

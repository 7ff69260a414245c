package io.webhookdb.connectors.sync.redshift;

import io.webhookdb.connectors.sync.warehouse.CellLimits;
import io.webhookdb.connectors.sync.warehouse.Jdbc;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.List;

/** Rows as bound values: needs no bucket, and is slow. */
final class InsertedRows implements RedshiftStage {
    /** JSON waits in a column of text until it is parsed. */
    private static final CellLimits LIMITS = new CellLimits(65_535, 65_535, Integer.MAX_VALUE);

    @Override
    public CellLimits limits() {
        return LIMITS;
    }

    @Override
    public void fill(Jdbc session, RedshiftSql sql, List<List<String>> rows) throws SQLException {
        session.execute(sql.createTextStage());
        try (PreparedStatement insert = session.connection().prepareStatement(sql.insertText())) {
            for (List<String> row : rows) {
                for (int i = 0; i < row.size(); i++) {
                    insert.setString(i + 1, row.get(i));
                }
                insert.addBatch();
            }
            insert.executeBatch();
        }
    }

    @Override
    public String insert(RedshiftSql sql) {
        return sql.insertFromText();
    }
}

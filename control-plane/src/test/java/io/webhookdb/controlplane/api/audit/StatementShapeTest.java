package io.webhookdb.controlplane.api.audit;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class StatementShapeTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "select * from t1 where email = 'a@b.c' | select * from t1 where email = ?",
                "select 'it''s', e'a\\'b', 12.5e3, x | select ?, ?, ?, x",
                "select $$secret$$, $q$ se'cret $q$ from \"A'b\" | select ?, ? from \"A'b\"",
                "select 1 -- secret | select ?",
                "select /* secret */ a2 | select a2",
                "select U&'d', B'01', 'open | select ?, ?, ?",
                "select a from b limit 10 | select a from b limit ?",
            })
    void keepsNamesAndDropsValues(String sql, String shape) {
        assertThat(StatementShape.of(sql)).isEqualTo(shape);
    }

    @Test
    void isBounded() {
        assertThat(StatementShape.of("select " + "a, ".repeat(100_000) + "b"))
                .hasSize(StatementShape.LIMIT);
        assertThat(StatementShape.of("select '" + "s".repeat(1_000_000))).isEqualTo("select ?");
    }
}

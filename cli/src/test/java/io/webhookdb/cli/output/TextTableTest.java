package io.webhookdb.cli.output;

import static org.assertj.core.api.Assertions.assertThat;

import io.webhookdb.cli.output.TextTable.Cell;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class TextTableTest {
    private static TextTable table(String[]... rows) {
        return new TextTable(
                Arrays.stream(rows).map(row -> Arrays.stream(row).map(Cell::of).toList()).toList());
    }

    @Test
    void givesEveryLineOfACellALine() {
        assertThat(table(new String[] {"A", "B"}, new String[] {"1\n22", "x"}).bordered())
                .isEqualTo(
                        """
                        +----+---+
                        | A  | B |
                        +----+---+
                        | 1  | x |
                        | 22 |   |
                        +----+---+
                        """);
    }

    @Test
    void measuresWhatATerminalShows() {
        assertThat(table(new String[] {"名前", "B"}, new String[] {"abc", "x"}).plain())
                .isEqualTo("名前  B\nabc   x\n");
        assertThat(TextWidth.of("e\u0301")).isEqualTo(1);
        assertThat(TextWidth.of("🎉")).isEqualTo(2);
    }

    @Test
    void countsColourForNothing() {
        TextTable table =
                new TextTable(
                        List.of(
                                List.of(new Cell("A", text -> "<b>" + text + "</b>"), Cell.of("B")),
                                List.of(Cell.of("11"), Cell.of("2"))));
        assertThat(table.plain()).isEqualTo("<b>A</b>   B\n11  2\n");
    }

    @Test
    void drawsAHeaderWithoutRows() {
        assertThat(table(new String[] {"A"}).bordered()).isEqualTo("+---+\n| A |\n+---+\n");
    }
}

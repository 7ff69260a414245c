package io.webhookdb.schemas.change;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.webhookdb.schemas.change.RowChange.Op;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class ChangeFilterTest {
    private static RowChange change(Op op, String row, String more) {
        return RowChangeCodec.decode(
                ("{\"op\":\"" + op.word() + "\",\"row\":" + row + more + "}").getBytes(UTF_8));
    }

    private static ChangeFilter where(String... conditions) {
        return new ChangeFilter(
                Set.of(),
                List.of(),
                Stream.of(conditions).map(ColumnCondition::parse).toList());
    }

    @Test
    void takesTheKindsOfChangeItNamesOrAll() {
        ChangeFilter deletes = new ChangeFilter(Set.of(Op.DELETE), List.of(), List.of());

        assertThat(deletes.accepts(change(Op.DELETE, "{}", ""))).isTrue();
        assertThat(deletes.accepts(change(Op.UPDATE, "{}", ""))).isFalse();
        assertThat(ChangeFilter.EVERYTHING.accepts(change(Op.UPDATE, "{}", ""))).isTrue();
    }

    @Test
    void takesUpdatesOfTheColumnsItNames() {
        ChangeFilter total = new ChangeFilter(Set.of(), List.of("total"), List.of());
        String row = "{\"total\":1,\"note\":null}";

        assertThat(total.accepts(change(Op.UPDATE, row, ",\"previous\":{\"total\":2}"))).isTrue();
        assertThat(total.accepts(change(Op.UPDATE, row, ",\"previous\":{\"note\":2}"))).isFalse();
        assertThat(total.accepts(change(Op.UPDATE, row, ""))).as("unknown").isTrue();
        assertThat(total.accepts(change(Op.INSERT, row, ""))).isTrue();
        assertThat(total.accepts(change(Op.DELETE, row, ",\"previous\":{}"))).isTrue();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "status eq paid | true",
                "status eq \"paid\" | true",
                "status eq open | false",
                "status ne open | true",
                "status in [\"open\",\"paid\"] | true",
                "status not_in [\"open\",\"paid\"] | false",
                "total eq 1250 | true",
                "total eq 1250.0 | true",
                "total gt 999 | true",
                "total lte 1250 | true",
                "total lt 1250 | false",
                "big gt 99999999999999999999 | true",
                "paid_at gte 2026-01-01T00:00:00Z | true",
                "note is_null | true",
                "note eq x | false",
                "note ne x | true",
                "missing is_null | true",
                "status not_null | true",
                "live eq true | true"
            })
    void comparesAsTheWordSays(String condition, boolean expected) {
        RowChange change =
                change(
                        Op.UPDATE,
                        "{\"status\":\"paid\",\"total\":1250,\"big\":\"123456789012345678901\","
                                + "\"paid_at\":\"2026-05-06T00:00:00Z\",\"note\":null,\"live\":true}",
                        "");

        assertThat(where(condition).accepts(change)).isEqualTo(expected);
        assertThat(ColumnCondition.parse(ColumnCondition.parse(condition).text()))
                .isEqualTo(ColumnCondition.parse(condition));
    }

    @Test
    void wantsEveryConditionMet() {
        RowChange change = change(Op.UPDATE, "{\"a\":1,\"b\":2}", "");

        assertThat(where("a eq 1", "b eq 2").accepts(change)).isTrue();
        assertThat(where("a eq 1", "b eq 3").accepts(change)).isFalse();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "status", "status is paid", "a eq", "a is_null 1", "a in 5", "a in []"})
    void saysWhatAConditionIs(String text) {
        assertThatThrownBy(() -> ColumnCondition.parse(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("\"" + text + "\"")
                .hasMessageContaining("expected COLUMN COMPARISON VALUE");
    }
}

package io.webhookdb.connectors.replica;

import static io.webhookdb.connectors.replica.TestingRows.MICROS;
import static io.webhookdb.connectors.replica.TestingRows.id;
import static io.webhookdb.connectors.replica.TestingRows.upsert;
import static org.assertj.core.api.Assertions.assertThat;

import io.webhookdb.connectors.kafka.OutgoingRecord;
import io.webhookdb.schemas.change.RowChange;
import io.webhookdb.schemas.change.RowChange.Op;
import io.webhookdb.schemas.change.RowChangeCodec;
import io.webhookdb.schemas.row.PackedVersion;
import io.webhookdb.schemas.row.RowUpdate;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ChangeAnnouncerTest {
    private static final Map<String, String> ROW =
            Map.of("row_id", "\"a\"", "name", "\"n\"", "amount", "1.10");
    private static final String NOW = "2024-01-01T00:00:00.123456Z";
    private final ChangeAnnouncer announcer = new ChangeAnnouncer(MICROS, 2_000);
    private final RowUpdate update = upsert("a", 1, 2, "n");

    @Test
    void announcesTheEventThatInserted() {
        RowChange change = announce(stored(2, 2, Alive.YES, null)).orElseThrow();
        assertThat(change.op()).isEqualTo(Op.INSERT);
        assertThat(change.pk()).isEqualTo(5);
        assertThat(change.version()).isEqualTo(update.version().text());
        assertThat(change.eventId()).isEqualTo(id(2).toString());
        assertThat(change.committedAt()).isEqualTo("2024-01-01T00:00:00.123456Z");
        assertThat(change.data().get("name").asText()).isEqualTo("n");
        assertThat(change.previous()).isNull();
        assertThat(change.truncated()).isFalse();
    }

    @Test
    void announcesAnUpdateWithWhatItReplaced() {
        RowChange change =
                announce(stored(1, 2, Alive.YES, Map.of("name", "\"old\""))).orElseThrow();
        assertThat(change.op()).isEqualTo(Op.UPDATE);
        assertThat(change.previous()).containsOnlyKeys("name");
        assertThat(change.previous().get("name").asText()).isEqualTo("old");
    }

    @Test
    void announcesADeath() {
        assertThat(announce(stored(1, 2, Alive.NO, ROW)).orElseThrow().op()).isEqualTo(Op.DELETE);
    }

    @Test
    void saysNothingOfAMereAdvanceOfTheVersion() {
        assertThat(announce(stored(1, 1, Alive.YES, ROW))).isEmpty();
    }

    @Test
    void repairsAnAnnouncementThatAnEarlierAttemptMayHaveLost() {
        StoredRow advanced = stored(1, 1, Alive.YES, ROW);
        RowChange repair =
                announcer
                        .announce(
                                TestingRows.receivedAt(update, MICROS - 1),
                                advanced,
                                "service",
                                "table",
                                NOW)
                        .map(ChangeAnnouncerTest::decoded)
                        .orElseThrow();
        RowChange lost =
                announcer
                        .announce(upsert("a", 0, 1, "n"), advanced, "service", "table", NOW)
                        .map(ChangeAnnouncerTest::decoded)
                        .orElseThrow();
        assertThat(repair.id()).isEqualTo(lost.id());
        assertThat(repair.op()).isEqualTo(Op.INSERT);
    }

    @Test
    void givesARepetitionTheSameIdAndAnotherChangeAnother() {
        String first = announce(stored(1, 2, Alive.YES, ROW)).orElseThrow().id();
        assertThat(announce(stored(1, 2, Alive.YES, ROW)).orElseThrow().id()).isEqualTo(first);
        assertThat(announce(stored(2, 2, Alive.YES, ROW)).orElseThrow().id()).isNotEqualTo(first);
        assertThat(announce(stored(1, 2, Alive.NO, ROW)).orElseThrow().id()).isNotEqualTo(first);
    }

    @Test
    void keepsNumbersAsTheServerPrintsThem() {
        OutgoingRecord record =
                announcer
                        .announce(update, stored(2, 2, Alive.YES, null), "service", "table", NOW)
                        .orElseThrow();
        assertThat(new String(record.value(), StandardCharsets.UTF_8)).contains("\"amount\":1.10");
        assertThat(new String(record.key(), StandardCharsets.UTF_8)).isEqualTo("7/svi_rows/a");
    }

    @Test
    void leavesOutTheDataOfAChangeThatIsTooLarge() {
        RowUpdate large = upsert("a", 1, 2, "x".repeat(3_000));
        RowChange change =
                decoded(
                        announcer
                                .announce(
                                        large,
                                        stored(2, 2, Alive.YES, null),
                                        "service",
                                        "table",
                                        NOW)
                                .orElseThrow());
        assertThat(change.truncated()).isTrue();
        assertThat(change.data()).isNull();
        assertThat(change.row()).containsKey("name");
    }

    @Test
    void announcesEvenARowWhoseColumnsAreTooLarge() {
        Map<String, String> row =
                Map.of("row_id", "\"a\"", "name", "\"" + "x".repeat(3_000) + "\"");
        StoredRow stored = new StoredRow(0, 5, version(2, 2), false, row, null, null);
        OutgoingRecord record =
                announcer.announce(update, stored, "service", "table", NOW).orElseThrow();
        assertThat(record.value()).hasSizeLessThan(2_000);
        assertThat(decoded(record).truncated()).isTrue();
    }

    private enum Alive {
        YES,
        NO
    }

    private StoredRow stored(
            int insertedBy, int changedBy, Alive alive, Map<String, String> changed) {
        return new StoredRow(
                0, 5, version(insertedBy, changedBy), alive == Alive.NO, ROW, null, changed);
    }

    private PackedVersion version(int insertedBy, int changedBy) {
        return new PackedVersion(
                update.version(), update.contentHash(), id(insertedBy), id(changedBy));
    }

    private Optional<RowChange> announce(StoredRow stored) {
        return announcer
                .announce(update, stored, "service", "table", NOW)
                .map(ChangeAnnouncerTest::decoded);
    }

    private static RowChange decoded(OutgoingRecord record) {
        return RowChangeCodec.decode(record.value());
    }
}

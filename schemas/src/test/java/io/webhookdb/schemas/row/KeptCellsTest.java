package io.webhookdb.schemas.row;

import static org.assertj.core.api.Assertions.assertThat;

import io.webhookdb.schemas.catalog.Catalog;
import io.webhookdb.schemas.catalog.Column.Keep;
import io.webhookdb.schemas.catalog.ServiceDefinition;
import io.webhookdb.schemas.event.Event;
import io.webhookdb.schemas.event.Origin;
import io.webhookdb.schemas.row.RowUpdate.Operation;
import io.webhookdb.schemas.row.Version.Rank;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class KeptCellsTest {
    private static final ServiceDefinition LIST =
            Catalog.load().service("email_octopus_list_v1").orElseThrow();

    @Test
    void keepsTheFirstValueUntilAnUpdateBringsNull() {
        assertThat(KeptCells.kept(Keep.FIRST, "1", "2")).isEqualTo("1");
        assertThat(KeptCells.kept(Keep.FIRST, null, "2")).isEqualTo("2");
        assertThat(KeptCells.kept(Keep.FIRST, "1", null)).isNull();
    }

    @Test
    void keepsAKnownValueWhenAnUpdateBringsNull() {
        assertThat(KeptCells.kept(Keep.KNOWN, "1", "2")).isEqualTo("2");
        assertThat(KeptCells.kept(Keep.KNOWN, "1", null)).isEqualTo("1");
    }

    @Test
    void takesTheLatestOtherwise() {
        assertThat(KeptCells.kept(Keep.LATEST, "1", "2")).isEqualTo("2");
        assertThat(KeptCells.kept(Keep.LATEST, "1", null)).isNull();
    }

    @Test
    void buriesTheResourceUnderADeleteThatBringsOnlyTheKey() {
        RowUpdate alive = update(1, Operation.UPSERT, "name", "{\"a\":1}");
        RowUpdate gone = update(2, Operation.DELETE_BY_KEY, null, "{}");

        RowUpdate merged = KeptCells.newest(LIST, alive, gone);

        assertThat(merged.operation()).isEqualTo(Operation.DELETE);
        assertThat(merged.version()).isEqualTo(gone.version());
        assertThat(merged.cells()[0]).isEqualTo("name");
        assertThat(merged.data()).isEqualTo(alive.data());
        assertThat(merged.contentHash()).isEqualTo(alive.contentHash());
    }

    /**
     * The pull request of a review's event has no {@code merged_by}, that of its own events has.
     */
    @Test
    void keepsWhoMergedAPullRequestThatIsReviewedLater() {
        ServiceDefinition pulls = Catalog.load().service("github_pull_v1").orElseThrow();

        RowUpdate merged =
                row(
                        pulls,
                        """
                        {"action": "closed", "pull_request": {"id": 1, "state": "closed",
                        "merged_at": "2024-05-15T15:20:38Z", "updated_at": "2024-05-15T15:20:38Z",
                        "merged_by": {"id": 21031067}}}\
                        """);
        RowUpdate reviewed =
                row(
                        pulls,
                        """
                        {"action": "submitted", "review": {"id": 2}, "pull_request": {"id": 1,
                        "state": "closed", "merged_at": "2024-05-15T15:20:38Z",
                        "updated_at": "2024-05-15T15:21:00Z"}}\
                        """);

        assertThat(KeptCells.newest(pulls, merged, reviewed).cells()).contains("21031067");
    }

    private static RowUpdate row(ServiceDefinition service, String body) {
        Event event =
                new Event(
                        new UUID(0, 1),
                        "svi_1",
                        1,
                        1_700_000_000_000_000L,
                        Origin.WEBHOOK,
                        "POST",
                        "/",
                        "",
                        "application/json",
                        Map.of(),
                        "verified",
                        body.getBytes(StandardCharsets.UTF_8));
        Extraction.Rows rows = (Extraction.Rows) new RowExtractor(service).extract(event, 7, 1);
        return rows.updates().get(0);
    }

    @Test
    void takesTheSecondOfEqualVersions() {
        RowUpdate one = update(1, Operation.UPSERT, "one", "{}");
        RowUpdate other = update(1, Operation.UPSERT, "other", "{}");
        assertThat(KeptCells.newest(LIST, one, other).cells()[0]).isEqualTo("other");
        assertThat(KeptCells.newest(LIST, other, one).cells()[0]).isEqualTo("one");
    }

    private static RowUpdate update(long time, Operation operation, String name, String data) {
        String[] cells = new String[LIST.columns().size()];
        cells[0] = name;
        return new RowUpdate(
                7,
                "svi_1",
                1,
                LIST.hash(),
                "k",
                new Version(time, Rank.PUSH, new UUID(0, 1)),
                operation,
                ContentHash.of(data.getBytes(StandardCharsets.UTF_8)),
                null,
                time,
                cells,
                data.getBytes(StandardCharsets.UTF_8));
    }
}

package io.webhookdb.jobs.replication;

import static io.webhookdb.jobs.replication.TestingUpdates.at;
import static org.assertj.core.api.Assertions.assertThat;

import io.webhookdb.connectors.replica.SourcedRow;
import io.webhookdb.schemas.event.Origin;
import io.webhookdb.schemas.row.RowUpdate;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

class RowContestTest {
    private final Map<String, SourcedRow> contents = new HashMap<>();
    private RowMemory memory;

    @Test
    void writesTheLoserOfARetryOnceThatRetrysOriginalIsSeen() throws Exception {
        RowUpdate retry = decide(at(1).event(3).content("first"));
        assertThat(decide(at(1).event(2).content("second"))).isNull();
        RowUpdate second = decide(at(1).event(1).content("first"));

        assertThat(content(second)).isEqualTo("second");
        assertThat(second.version()).isGreaterThan(retry.version());
        assertThat(decide(at(1).event(2).content("second"))).isNull();
        assertThat(decide(at(1).event(4).content("first"))).isNull();
    }

    @Test
    void writesAgainWhatARetryOverwroteBeforeItsOriginalWasSeen() throws Exception {
        decide(at(1).event(2).content("second"));
        assertThat(content(decide(at(1).event(3).content("first")))).isEqualTo("first");
        assertThat(content(decide(at(1).event(1).content("first")))).isEqualTo("second");
    }

    @Test
    void waitsForARetryOfTheLoserIfItsContentIsNoLongerAtHand() throws Exception {
        decide(at(1).event(3).content("first"));
        decide(at(1).event(2).content("second"));
        contents.clear();
        assertThat(decide(at(1).event(1).content("first"))).isNull();
        assertThat(content(decide(at(1).event(4).content("second")))).isEqualTo("second");
    }

    @Test
    void keepsOneContentOfARowWithoutTies() throws Exception {
        for (int second = 1; second <= 20; second++) {
            decide(at(second).event(second).content("content " + second));
        }
        decide(at(1).event(21).content("late"));
        assertThat(contents.values())
                .extracting(row -> content(row.update()))
                .containsExactly("content 20");
    }

    private RowUpdate decide(TestingUpdates update) throws Exception {
        SourcedRow row = new SourcedRow(update.update(), Origin.WEBHOOK, "topic", 0, 0);
        RowContest.Result result = RowContest.decide(memory, row, new TestingContents(contents));
        memory = result.decision().memory();
        return result.write() == null ? null : result.write().update();
    }

    private static String content(RowUpdate update) {
        return new String(update.data(), StandardCharsets.UTF_8);
    }
}

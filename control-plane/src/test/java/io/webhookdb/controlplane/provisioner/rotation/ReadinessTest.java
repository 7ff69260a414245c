package io.webhookdb.controlplane.provisioner.rotation;

import static org.assertj.core.api.Assertions.assertThat;

import io.webhookdb.security.keyset.Keyset;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class ReadinessTest {
    private static final KeyChanges CHANGES =
            new KeyChanges(
                    Map.of(
                            Keyset.INGEST, new KeyChange(12, List.of(11L)),
                            Keyset.READERS, new KeyChange(22, List.of(21L)),
                            Keyset.CONNECTIONS, new KeyChange(32, List.of(31L))));
    private final Readiness readiness = new Readiness(CHANGES, Set.of("ingest", "api"), 1_000);

    @Test
    void waitsForPartsThatSayNothing() {
        assertThat(readiness.missing(RotationStep.AWAIT_DISTRIBUTED, List.of()))
                .containsExactly(
                        "no api has been heard of lately", "no ingest has been heard of lately");
    }

    @Test
    void waitsForEveryReaderOfAKeysetToHaveTheNewKey() {
        ReaderReport api = report("api/1", "connections.public", 31, 31, 32);
        ReaderReport ready = report("ingest/1", "ingest", 11, 11, 12);
        ReaderReport late = report("ingest/2", "ingest", 11, 11);

        assertThat(readiness.missing(RotationStep.AWAIT_DISTRIBUTED, List.of(api, ready, late)))
                .containsExactly("ingest/2 has not read key 12 of keyset ingest");
        assertThat(readiness.missing(RotationStep.AWAIT_DISTRIBUTED, List.of(api, ready)))
                .isEmpty();
    }

    @Test
    void waitsForEveryWriterToUseTheNewKey() {
        ReaderReport api = report("api/1", "connections.public", 31, 31, 32);
        ReaderReport ingest = report("ingest/1", "ingest", 12, 11, 12);

        assertThat(readiness.missing(RotationStep.AWAIT_PROMOTED, List.of(api, ingest)))
                .containsExactly("api/1 does not use key 32 of keyset connections.public");
    }

    @Test
    void waitsForWhatWasRewrittenToBeAppliedForGood() {
        ReaderReport before = new ReaderReport("ingest/1", "ingest", List.of(12L), 12, 999);
        ReaderReport after = new ReaderReport("ingest/1", "ingest", List.of(12L), 12, 1_000);
        ReaderReport api = report("api/1", "readers", 22, 22);

        assertThat(readiness.missing(RotationStep.AWAIT_APPLIED, List.of(before, api))).hasSize(1);
        assertThat(readiness.missing(RotationStep.AWAIT_APPLIED, List.of(after, api))).isEmpty();
    }

    @Test
    void waitsForNobodyToHoldAnOldKey() {
        ReaderReport api = report("api/1", "readers", 22, 21, 22);
        ReaderReport ingest = report("ingest/1", "ingest", 12, 12);

        assertThat(readiness.missing(RotationStep.AWAIT_RETIRED, List.of(api, ingest)))
                .containsExactly("api/1 still holds an old key of keyset readers");
    }

    @Test
    void surviveTheDatabase() {
        assertThat(KeyChanges.parse(CHANGES.json())).isEqualTo(CHANGES);
    }

    private static ReaderReport report(String reader, String keyset, long primary, long... keys) {
        return new ReaderReport(
                reader,
                keyset,
                java.util.Arrays.stream(keys).boxed().toList(),
                primary,
                Long.MAX_VALUE);
    }
}

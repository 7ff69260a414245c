package io.webhookdb.connectors.sync;

import static org.assertj.core.api.Assertions.assertThat;

import io.webhookdb.connectors.sync.redshift.TestingBucket;
import io.webhookdb.security.connection.RedshiftUrl.Staging;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class RedshiftCopyITCase extends RedshiftSyncTargetContract {
    private static final String ROLE = "arn:aws:iam::123456789012:role/loader";

    @Override
    Staging staging() {
        return staging(TestingBucket.SECRET, "");
    }

    private static Staging staging(String secret, String role) {
        return new Staging(
                TestingBucket.NAME, "in/", TestingBucket.REGION, TestingBucket.KEY, secret, role);
    }

    @Test
    void cutsAPageIntoFilesOfEvenSizeAndLeavesNothingBehind() throws Exception {
        SyncTable table = TestingService.table("synced", "even");
        String data = "{\"t\":\"" + "x".repeat(1_000_000) + "\"}";
        bucket.ever().clear();
        try (SyncTarget target = open("pass word", staging(TestingBucket.SECRET, ROLE))) {
            target.deliver(
                    page(
                            table,
                            IntStream.range(0, 9)
                                    .mapToObj(
                                            i ->
                                                    TestingRow.of(
                                                            "k" + i,
                                                            1,
                                                            TestingRow.JSON.createObjectNode(),
                                                            data))
                                    .toArray(SyncRow[]::new)));
        }
        assertThat(stored(table, "k8")).isNotNull();
        assertThat(bucket.keys()).isEmpty();
        assertThat(
                        bucket.ever().entrySet().stream()
                                .filter(file -> file.getKey().endsWith(".csv.gz"))
                                .map(Map.Entry::getValue)
                                .map(file -> file.length))
                .hasSize(3)
                .allSatisfy(size -> assertThat(size).isBetween(2_500, 4_500));
    }

    /** The service would refuse the whole file, and not say which row it was for. */
    @Test
    void namesARowThatIsTooLongToBeRead() throws Exception {
        SyncTable table = TestingService.table("synced", "wide");
        String fits = "{\"t\":\"" + "x".repeat(4_000_000) + "\"}";
        String tooLong = "{\"t\":\"" + "x".repeat(4_200_000) + "\"}";
        try (SyncTarget target = open("pass word", staging(TestingBucket.SECRET, ROLE))) {
            SyncException failure =
                    failure(
                            target,
                            table,
                            TestingRow.of("a", 1, TestingRow.JSON.createObjectNode(), tooLong));
            assertThat(failure.failure()).isEqualTo(SyncFailure.POISON);
            assertThat(failure).hasMessageContaining("at most 4194304");
            target.deliver(
                    page(table, TestingRow.of("a", 1, TestingRow.JSON.createObjectNode(), fits)));
        }
        assertThat(stored(table, "a")).isNotNull();
    }

    @Test
    void takesAWrongKeyOfTheBucketForSomethingToMend() {
        SyncTable table = TestingService.table("synced", "none");
        try (SyncTarget target = open("pass word", staging("wrong", ""))) {
            SyncException failure = failure(target, table, TestingRow.of("a", 1));
            assertThat(failure.failure()).isEqualTo(SyncFailure.CONFIGURATION);
            assertThat(failure).hasMessageContaining("status 403");
        }
    }
}

package io.webhookdb.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import io.webhookdb.connectors.webhook.WebhookSettings;
import io.webhookdb.jobs.backfill.BackfillJob;
import io.webhookdb.jobs.backfill.BackfillJobSettings;
import io.webhookdb.jobs.delivery.DeliveryJob;
import io.webhookdb.jobs.delivery.DeliveryJobSettings;
import io.webhookdb.jobs.replication.ReplicationJob;
import io.webhookdb.jobs.replication.ReplicationJobSettings;
import io.webhookdb.jobs.sync.SyncJob;
import io.webhookdb.jobs.sync.SyncJobSettings;
import io.webhookdb.security.keyset.KeysetFolder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.streaming.api.graph.StreamNode;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The names under which state is found, as they were released. One that is missing here lost its
 * state; a new one is added to the list with the release that brings it.
 */
class OperatorIdsTest {
    private static final Path LIST = Path.of("src/test/resources/savepoints/operator-ids.txt");
    private static final String KAFKA = "127.0.0.1:1";

    @TempDir Path keysets;

    @Test
    void areThoseThatWereReleased() throws IOException {
        KeysetFolder.openOrGenerate(keysets);
        String folder = keysets.toString();
        Set<String> ids = new TreeSet<>();
        ids.addAll(
                ids(env -> ReplicationJob.build(env, ReplicationJobSettings.of(KAFKA, folder))));
        ids.addAll(
                ids(
                        env ->
                                DeliveryJob.build(
                                        env,
                                        DeliveryJobSettings.of(
                                                KAFKA, WebhookSettings.of(folder, "", "")))));
        ids.addAll(ids(env -> SyncJob.build(env, SyncJobSettings.of(KAFKA, folder))));
        ids.addAll(ids(env -> BackfillJob.build(env, BackfillJobSettings.of(KAFKA, folder))));
        if (KeptSavepoint.isToBeMade()) {
            Files.createDirectories(LIST.getParent());
            Files.write(LIST, ids);
        }

        assertThat(ids)
                .as("names of operators; run with -Dwebhookdb.savepoint.make=true to add new ones")
                .containsExactlyInAnyOrderElementsOf(Files.readAllLines(LIST));
    }

    private static Set<String> ids(Consumer<StreamExecutionEnvironment> job) {
        StreamExecutionEnvironment env = StreamExecutionEnvironment.getExecutionEnvironment();
        job.accept(env);
        Set<String> ids = new TreeSet<>();
        for (StreamNode node : env.getStreamGraph().getStreamNodes()) {
            assertThat(node.getTransformationUID()).as(node.getOperatorName()).isNotNull();
            ids.add(node.getTransformationUID());
        }
        return ids;
    }
}

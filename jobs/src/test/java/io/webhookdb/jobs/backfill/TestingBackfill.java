package io.webhookdb.jobs.backfill;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.webhookdb.connectors.backfill.BackfillSettings;
import io.webhookdb.embedded.EmbeddedKafka;
import io.webhookdb.jobs.TestingTopics;
import io.webhookdb.schemas.Topics;
import io.webhookdb.schemas.catalog.Catalog;
import io.webhookdb.schemas.catalog.ServiceDefinition;
import io.webhookdb.schemas.catalog.Setup.StoredField;
import io.webhookdb.schemas.change.RowChange;
import io.webhookdb.schemas.change.RowChangeCodec;
import io.webhookdb.schemas.control.BackfillControl;
import io.webhookdb.schemas.control.BackfillControl.Children;
import io.webhookdb.schemas.control.BackfillControl.Extent;
import io.webhookdb.schemas.control.ControlCodec;
import io.webhookdb.schemas.control.ControlRecord;
import io.webhookdb.schemas.control.ControlRecord.State;
import io.webhookdb.schemas.control.DefinitionControl;
import io.webhookdb.schemas.control.IntegrationControl;
import io.webhookdb.schemas.control.OrganizationControl;
import io.webhookdb.schemas.control.VendorAccess;
import io.webhookdb.schemas.event.Event;
import io.webhookdb.schemas.event.EventHeaders;
import io.webhookdb.schemas.event.EventIds;
import io.webhookdb.schemas.event.Origin;
import io.webhookdb.schemas.status.BackfillProgress;
import io.webhookdb.schemas.status.RunRepairs;
import io.webhookdb.schemas.status.StatusCodec;
import io.webhookdb.schemas.status.StatusReport;
import io.webhookdb.security.keyset.KeysetFolder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.apache.flink.configuration.CheckpointingOptions;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.CoreOptions;
import org.apache.flink.configuration.ExternalizedCheckpointRetention;
import org.apache.flink.configuration.RestartStrategyOptions;
import org.apache.flink.configuration.StateBackendOptions;
import org.apache.flink.configuration.StateRecoveryOptions;
import org.apache.flink.core.execution.JobClient;
import org.apache.flink.core.execution.SavepointFormatType;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.awaitility.Awaitility;

/** Kafka and keysets around a backfill job, what the provisioner would write, what came out. */
final class TestingBackfill implements AutoCloseable {
    static final Catalog CATALOG = Catalog.load();
    static final String KEY = "sk_test_secret_of_the_account";

    private final EmbeddedKafka kafka;
    private final Path directory;
    private final KeysetFolder keysets;
    private final KafkaProducer<byte[], byte[]> producer;
    private final KafkaConsumer<byte[], byte[]> consumer;
    private final List<Event> events = new ArrayList<>();
    private final List<BackfillProgress> reports = new ArrayList<>();
    private final Map<String, RunRepairs> repairs = new TreeMap<>();
    private final List<RowChange> changes = new ArrayList<>();
    private OrganizationControl.Database database =
            new OrganizationControl.Database("127.0.0.1", 1, "none", "public", "none", "", 1);
    private JobClient job;

    TestingBackfill(Path directory) throws Exception {
        this.directory = directory;
        kafka = EmbeddedKafka.start(EmbeddedKafka.Settings.temporary());
        keysets = KeysetFolder.openOrGenerate(directory.resolve("keysets"));
        TestingTopics.create(
                kafka.bootstrapServers(),
                1,
                Topics.EVENTS,
                Topics.BACKFILL_EVENTS,
                Topics.STATUS,
                Topics.FETCHES,
                Topics.CHANGES,
                Topics.DEAD_LETTERS,
                Topics.CONTROL);
        producer =
                new KafkaProducer<>(
                        Map.of("bootstrap.servers", kafka.bootstrapServers()),
                        new ByteArraySerializer(),
                        new ByteArraySerializer());
        consumer = TestingTopics.consumer(kafka.bootstrapServers());
        List<TopicPartition> partitions =
                List.of(
                        new TopicPartition(Topics.BACKFILL_EVENTS, 0),
                        new TopicPartition(Topics.STATUS, 0),
                        new TopicPartition(Topics.CHANGES, 0));
        consumer.assign(partitions);
        consumer.seekToBeginning(partitions);
    }

    String bootstrapServers() {
        return kafka.bootstrapServers();
    }

    KeysetFolder keysets() {
        return keysets;
    }

    Path keysetFolder() {
        return directory.resolve("keysets");
    }

    void database(OrganizationControl.Database other) {
        database = other;
    }

    void organization(long id) {
        publish(new OrganizationControl(id, "org-" + id, 1, State.ACTIVE, database));
    }

    /** An integration that has every field stored. */
    void integration(long organization, String id, ServiceDefinition service) {
        integration(organization, id, service, 1, null);
    }

    void integration(
            long organization, String id, ServiceDefinition service, long revision, Integer poll) {
        publish(new DefinitionControl(service.hash(), service));
        publish(
                new IntegrationControl(
                                id,
                                organization,
                                revision,
                                State.ACTIVE,
                                service.name(),
                                service.hash(),
                                id,
                                null,
                                IntegrationControl.VerificationMode.SKIP,
                                1)
                        .withAccess(
                                new VendorAccess(
                                        sealed(id, StoredField.BACKFILL_KEY, KEY + organization),
                                        sealed(id, StoredField.BACKFILL_SECRET, "s" + KEY),
                                        "acme/rockets",
                                        poll)));
    }

    private String sealed(String id, StoredField field, String value) {
        return keysets.connectionsSealer().seal(value, VendorAccess.context(id, field));
    }

    void order(String id, long organization, String integration, Map<String, String> criteria) {
        publish(
                new BackfillControl(
                        id,
                        organization,
                        1,
                        State.ACTIVE,
                        integration,
                        Extent.INCREMENTAL,
                        Children.INCLUDED,
                        TestingVendor.JSON.valueToTree(criteria)));
    }

    void order(String id, long organization, String integration, Extent extent, Children children) {
        publish(
                new BackfillControl(
                        id, organization, 1, State.ACTIVE, integration, extent, children, null));
    }

    /** A webhook that ingest let through. */
    void webhook(String integration, String body) {
        webhook(integration, body, Map.of());
    }

    void webhook(String integration, String body, Map<String, String> headers) {
        Event event =
                new Event(
                        new EventIds().next(),
                        integration,
                        1,
                        System.currentTimeMillis() * 1000,
                        Origin.WEBHOOK,
                        "POST",
                        "",
                        "",
                        "application/json",
                        headers,
                        "skipped",
                        body.getBytes(UTF_8));
        ProducerRecord<byte[], byte[]> record = new ProducerRecord<>(Topics.EVENTS, event.body());
        EventHeaders.write(event, (name, value) -> record.headers().add(name, value));
        try {
            producer.send(record).get();
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    void cancel(String id, long organization, String integration) {
        publish(
                new BackfillControl(
                        id,
                        organization,
                        2,
                        State.DELETED,
                        integration,
                        Extent.FULL,
                        Children.LEFT_OUT,
                        null));
    }

    void publish(ControlRecord record) {
        try {
            producer.send(
                            new ProducerRecord<>(
                                    Topics.CONTROL,
                                    record.key().getBytes(UTF_8),
                                    ControlCodec.encode(record)))
                    .get();
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    /** Settings that wait little. */
    static BackfillSettings settings(String apiBase) {
        Map<String, String> bases = new HashMap<>();
        CATALOG.services()
                .forEach(
                        service ->
                                bases.put(
                                        "WEBHOOKDB_API_BASE_"
                                                + service.vendor()
                                                        .toUpperCase(java.util.Locale.ROOT),
                                        apiBase));
        return BackfillSettings.DEFAULT
                .withEnvironment(bases)
                .withOutboundAllow("127.0.0.0/8")
                .withWaits(Duration.ofMillis(50), Duration.ofMillis(200));
    }

    void start(BackfillSettings settings, String savepoint, int parallelism) throws Exception {
        Configuration configuration = new Configuration();
        configuration.set(CoreOptions.DEFAULT_PARALLELISM, parallelism);
        configuration.set(StateBackendOptions.STATE_BACKEND, "rocksdb");
        configuration.set(CheckpointingOptions.CHECKPOINTING_INTERVAL, Duration.ofMillis(300));
        configuration.set(
                CheckpointingOptions.CHECKPOINTS_DIRECTORY,
                directory.resolve("checkpoints").toUri().toString());
        configuration.set(RestartStrategyOptions.RESTART_STRATEGY, "disable");
        configuration.set(
                CheckpointingOptions.EXTERNALIZED_CHECKPOINT_RETENTION,
                ExternalizedCheckpointRetention.RETAIN_ON_CANCELLATION);
        if (savepoint != null) {
            configuration.set(StateRecoveryOptions.SAVEPOINT_PATH, savepoint);
        }
        StreamExecutionEnvironment env =
                StreamExecutionEnvironment.getExecutionEnvironment(configuration);
        BackfillJob.build(
                env,
                BackfillJobSettings.of(bootstrapServers(), keysetFolder().toString())
                        .withBackfill(settings));
        job = env.executeAsync("backfill");
    }

    void checkRunning() throws Exception {
        if (job.getJobStatus().get().isTerminalState()) {
            job.getJobExecutionResult().get();
        }
    }

    /** A savepoint in the canonical form. */
    String savepoint() throws Exception {
        return job.triggerSavepoint(
                        directory.resolve("savepoints").toUri().toString(),
                        SavepointFormatType.CANONICAL)
                .get();
    }

    /** The newest checkpoint that is complete. */
    String latestCheckpoint() throws IOException {
        try (Stream<Path> files = Files.walk(directory.resolve("checkpoints"))) {
            return files.filter(file -> file.endsWith("_metadata"))
                    .map(Path::getParent)
                    .max(
                            Comparator.comparingInt(
                                    folder ->
                                            Integer.parseInt(
                                                    folder.getFileName()
                                                            .toString()
                                                            .replace("chk-", ""))))
                    .orElseThrow()
                    .toUri()
                    .toString();
        }
    }

    void cancelJob() throws Exception {
        if (job != null && !job.getJobStatus().get().isGloballyTerminalState()) {
            job.cancel().get();
            Awaitility.await().atMost(Duration.ofSeconds(30)).until(this::isOver);
        }
    }

    private boolean isOver() throws Exception {
        try {
            return job.getJobStatus().get().isGloballyTerminalState();
        } catch (IllegalStateException e) {
            // A cluster that was made for the job ends with it.
            return true;
        }
    }

    /** Everything let out so far. */
    List<Event> events() {
        poll();
        return events;
    }

    /** Everything announced so far. */
    List<RowChange> changes() {
        poll();
        return changes;
    }

    /** How many rows a run changed, as far as it was reported. */
    long repaired(String run) {
        poll();
        return repairs.values().stream()
                .filter(report -> report.run().equals(run))
                .mapToLong(RunRepairs::repaired)
                .sum();
    }

    /** The newest report of a run; null if there is none. */
    BackfillProgress report(String run) {
        List<BackfillProgress> all = reports(run);
        return all.isEmpty() ? null : all.get(all.size() - 1);
    }

    List<BackfillProgress> reports(String run) {
        poll();
        return reports.stream().filter(report -> report.run().equals(run)).toList();
    }

    private void poll() {
        for (ConsumerRecord<byte[], byte[]> record : consumer.poll(Duration.ofMillis(50))) {
            if (record.topic().equals(Topics.STATUS)) {
                StatusReport report = StatusCodec.decode(record.value());
                if (report instanceof BackfillProgress progress) {
                    reports.add(progress);
                } else if (report instanceof RunRepairs counted) {
                    repairs.put(counted.run() + counted.reporter(), counted);
                }
            } else if (record.topic().equals(Topics.CHANGES)) {
                changes.add(RowChangeCodec.decode(record.value()));
            } else {
                EventHeaders.Reader reader = new EventHeaders.Reader();
                record.headers().forEach(header -> reader.header(header.key(), header.value()));
                events.add(reader.event(record.value()));
            }
        }
    }

    @Override
    public void close() throws Exception {
        cancelJob();
        consumer.close();
        producer.close(Duration.ofSeconds(5));
        kafka.close();
    }
}

package io.webhookdb.controlplane.provisioner.status;

import io.webhookdb.controlplane.provisioner.reading.ReaderProgress;
import io.webhookdb.controlplane.provisioner.reading.RecordHandler;
import io.webhookdb.controlplane.provisioner.reading.TopicReader;
import io.webhookdb.controlplane.provisioner.rotation.KeysetReports;
import io.webhookdb.schemas.Topics;
import io.webhookdb.schemas.status.StatusCodec;
import io.webhookdb.schemas.status.StatusReport;
import io.webhookdb.security.kafka.KafkaAccess;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;

/**
 * Reads what jobs and ingest report into the application database. A report that no handler takes
 * is read and forgotten.
 */
public final class StatusReader implements RecordHandler {
    private final List<StatusHandler> handlers;

    StatusReader(List<StatusHandler> handlers) {
        this.handlers = List.copyOf(handlers);
    }

    /** Every handler there is. */
    static List<StatusHandler> all() {
        return List.of(
                new IntegrationMinuteHandler(),
                new RecentRequestsHandler(),
                new SubscriptionHealthHandler(),
                new SyncProgressHandler(),
                new EpochHandler(),
                new KeysetReports(),
                new BackfillProgressHandler(),
                new RunRepairsHandler(),
                new BackfillAlertHandler(),
                new DeliveryLogHandler(Clock.systemUTC()),
                new RecoveryHandler(),
                new SecretLearnedHandler());
    }

    /**
     * Starts reading with all handlers, until closed.
     *
     * @param progress told how it does
     */
    public static TopicReader start(KafkaAccess kafka, Jdbi jdbi, ReaderProgress progress) {
        return TopicReader.start(kafka, Topics.STATUS, jdbi, new StatusReader(all()), progress);
    }

    @Override
    public void store(List<ConsumerRecord<byte[], byte[]>> records, Handle transaction) {
        List<StatusReport> reports = new ArrayList<>(records.size());
        for (ConsumerRecord<byte[], byte[]> record : records) {
            if (record.value() == null) {
                throw new IllegalArgumentException("Not a status report: it has no value");
            }
            reports.add(StatusCodec.decode(record.value()));
        }
        for (StatusHandler handler : handlers) {
            List<StatusReport> taken = reports.stream().filter(handler::takes).toList();
            if (!taken.isEmpty()) {
                handler.apply(taken, transaction);
            }
        }
    }
}

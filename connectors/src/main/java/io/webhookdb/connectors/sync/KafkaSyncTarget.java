package io.webhookdb.connectors.sync;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.webhookdb.schemas.control.SyncTargetSettings.Deletes;
import io.webhookdb.security.connection.KafkaUrl;
import io.webhookdb.security.outbound.OutboundPolicy;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.errors.ApiException;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.header.internals.RecordHeaders;

/**
 * Writes each row as a record to a topic of its table in a customer's Kafka, keyed by the remote
 * key, so that the last record of a key is the row as it is, or a tombstone for one that is to be
 * removed. Idempotent within a page; a page that is sent again repeats its records.
 */
final class KafkaSyncTarget implements SyncTarget {
    private static final Duration CLOSE = Duration.ofSeconds(5);
    private static final int LONGEST_TOPIC = 249;
    private static final long LOOK_MILLIS = 250;

    private final KafkaUrl url;
    private final OutboundPolicy policy;
    private JudgedProducer open;

    KafkaSyncTarget(KafkaUrl url, OutboundPolicy policy) {
        this.url = url;
        this.policy = policy;
    }

    @Override
    public void deliver(SyncPage page) throws SyncException {
        if (open == null) {
            open = new JudgedProducer(url, policy);
        }
        String topic = topic(url, page.table());
        List<Future<RecordMetadata>> sent = new ArrayList<>(page.rows().size());
        try {
            for (SyncRow row : page.rows()) {
                sent.add(open.producer().send(message(topic, page.table(), row)));
            }
            for (Future<RecordMetadata> each : sent) {
                await(each);
            }
        } catch (TimeoutException e) {
            throw failed(topic, e);
        } catch (ExecutionException e) {
            throw failed(topic, e.getCause());
        } catch (ApiException e) {
            throw failed(topic, e);
        } catch (InterruptException | InterruptedException e) {
            Thread.currentThread().interrupt();
            throw failed(topic, e);
        }
    }

    /** Until the client gives up, or will not be able to. */
    private void await(Future<RecordMetadata> sent)
            throws ExecutionException, InterruptedException, TimeoutException {
        while (true) {
            try {
                sent.get(LOOK_MILLIS, TimeUnit.MILLISECONDS);
                return;
            } catch (TimeoutException e) {
                if (open.refusal() != null) {
                    throw e;
                }
            }
        }
    }

    private static ProducerRecord<byte[], byte[]> message(
            String topic, SyncTable table, SyncRow row) {
        boolean isTombstone = row.deleted() && table.deletes() == Deletes.REMOVED;
        RecordHeaders headers = new RecordHeaders();
        headers.add("webhookdb-integration", table.integration().getBytes(UTF_8));
        headers.add("webhookdb-version", row.version().getBytes(UTF_8));
        if (row.trace() != null) {
            row.trace().headers((name, value) -> headers.add(name, value.getBytes(UTF_8)));
        }
        return new ProducerRecord<>(
                topic,
                null,
                RowEnvelope.key(row),
                isTombstone ? null : RowEnvelope.of(table, row),
                headers);
    }

    /** {@code prefix.table}; what a topic's name may not hold becomes an underscore. */
    static String topic(KafkaUrl url, SyncTable table) {
        String name = (url.prefix().isEmpty() ? "" : url.prefix() + ".") + table.table();
        String allowed = name.replaceAll("[^A-Za-z0-9._-]", "_");
        return allowed.substring(0, Math.min(allowed.length(), LONGEST_TOPIC));
    }

    private SyncException failed(String topic, Throwable cause) {
        String refusal = open.refusal();
        SyncFailure failure =
                refusal != null ? SyncFailure.CONFIGURATION : SyncFailure.ofKafka(cause);
        if (failure != SyncFailure.POISON) {
            rest();
        }
        return new SyncException(
                failure,
                refusal != null
                        ? refusal + "."
                        : url + ", topic " + topic + ": " + cause.getClass().getSimpleName() + ".",
                null,
                cause);
    }

    @Override
    public void rest() {
        JudgedProducer producer = open;
        open = null;
        if (producer != null) {
            producer.producer().close(producer.refusal() == null ? CLOSE : Duration.ZERO);
        }
    }
}

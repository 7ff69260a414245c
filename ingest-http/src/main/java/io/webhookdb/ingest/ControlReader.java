package io.webhookdb.ingest;

import io.micrometer.core.instrument.Counter;
import io.webhookdb.schemas.Topics;
import io.webhookdb.schemas.control.ControlCodec;
import io.webhookdb.security.kafka.KafkaAccess;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads the control topic from its beginning and then on, in a thread of its own, for as long as
 * the process lives: whether Kafka or the topic is there or not, and past records it cannot read.
 */
final class ControlReader implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(ControlReader.class);
    private static final TopicPartition CONTROL = new TopicPartition(Topics.CONTROL, 0);
    private static final Duration POLL = Duration.ofMillis(250);
    private static final Duration PAUSE_AFTER_FAILURE = Duration.ofSeconds(1);

    private final KafkaAccess kafka;
    private final ControlView view;
    private final Runnable onNews;
    private final Counter undecodable;
    private final CountDownLatch closing = new CountDownLatch(1);
    private final Thread thread = new Thread(this::run, "ingest-control");

    /**
     * Until it has read to the end once, the view decides nothing: old records come first.
     *
     * @param onNews called in the reader's thread after records were applied, and at that end
     * @param undecodable counts records that could not be read
     */
    ControlReader(KafkaAccess kafka, ControlView view, Runnable onNews, Counter undecodable) {
        this.kafka = kafka;
        this.view = view;
        this.onNews = onNews;
        this.undecodable = undecodable;
        view.beginsToRead();
        thread.setDaemon(true);
    }

    void start() {
        thread.start();
    }

    private void run() {
        while (isOpen()) {
            try (KafkaConsumer<String, byte[]> consumer = consumer()) {
                consumer.assign(List.of(CONTROL));
                consumer.seekToBeginning(List.of(CONTROL));
                while (isOpen()) {
                    ConsumerRecords<String, byte[]> records = consumer.poll(POLL);
                    records.records(CONTROL).forEach(this::apply);
                    // Counted from the next record that poll would return.
                    boolean end = consumer.currentLag(CONTROL).orElse(-1) == 0;
                    if ((end && view.hasReadToEnd()) || !records.isEmpty()) {
                        onNews.run();
                    }
                }
            } catch (KafkaException e) {
                // Kafka being away does not come here, the consumer waits for it. What does may be
                // put right outside (permissions), so the next attempt starts anew.
                LOG.error("Cannot read {}, trying again", Topics.CONTROL, e);
                pause();
            }
        }
    }

    private KafkaConsumer<String, byte[]> consumer() {
        return new KafkaConsumer<>(
                kafka.client(
                        Map.of(
                                ConsumerConfig.CLIENT_ID_CONFIG,
                                "webhookdb-ingest-control",
                                ConsumerConfig.AUTO_OFFSET_RESET_CONFIG,
                                "earliest",
                                ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG,
                                false,
                                ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG,
                                false,
                                ConsumerConfig.RECONNECT_BACKOFF_MAX_MS_CONFIG,
                                500,
                                ConsumerConfig.ENABLE_METRICS_PUSH_CONFIG,
                                false)),
                new StringDeserializer(),
                new ByteArrayDeserializer());
    }

    /** One unreadable record must not keep the others from being applied. */
    private void apply(ConsumerRecord<String, byte[]> record) {
        if (record.value() == null) {
            return;
        }
        try {
            view.apply(ControlCodec.decode(record.value()));
        } catch (RuntimeException e) {
            undecodable.increment();
            LOG.error(
                    "Control record {} at offset {} is skipped: {}",
                    record.key(),
                    record.offset(),
                    e.getClass().getSimpleName());
        }
    }

    private boolean isOpen() {
        return closing.getCount() > 0;
    }

    private void pause() {
        try {
            closing.await(PAUSE_AFTER_FAILURE.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            closing.countDown();
        }
    }

    /** Ends the thread; returns when it has ended, after a few seconds at most. */
    @Override
    public void close() {
        closing.countDown();
        try {
            thread.join(TimeUnit.SECONDS.toMillis(5));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}

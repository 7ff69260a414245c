package io.webhookdb.jobs.replication;

import io.webhookdb.connectors.kafka.EventLog;
import io.webhookdb.security.kafka.KafkaAccess;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.apache.flink.api.common.functions.OpenContext;
import org.apache.flink.metrics.Counter;
import org.apache.flink.streaming.api.functions.async.ResultFuture;
import org.apache.flink.streaming.api.functions.async.RichAsyncFunction;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Has events processed again: reads them from the log and appends them as repeated, on the lane
 * they came from. Whatever is not done yet is in state; an event may be repeated twice, which
 * changes nothing.
 *
 * <p>Rare: it takes two contents of one row at one time, and a retry that comes before what it
 * repeats. So clients are opened for each, and nothing waits for them but a thread of its own.
 */
final class RecallEvents extends RichAsyncFunction<LogPlace, Void> {
    private static final long serialVersionUID = 1L;
    private static final Logger LOGGER = LoggerFactory.getLogger(RecallEvents.class);

    /** A Kafka that answers nothing for so long stops the job's source, too. */
    static final Duration LIMIT = Duration.ofMinutes(10);

    /** Beyond, rows wait for the log. */
    static final int MOST_WAITING = 1000;

    private final KafkaAccess kafka;
    private transient ExecutorService thread;
    private transient Counter gone;

    RecallEvents(KafkaAccess kafka) {
        this.kafka = kafka;
    }

    @Override
    public void open(OpenContext context) {
        thread =
                Executors.newSingleThreadExecutor(
                        task -> {
                            Thread recall = new Thread(task, "recall");
                            recall.setDaemon(true);
                            return recall;
                        });
        gone = getRuntimeContext().getMetricGroup().counter("recalledEventsGone");
    }

    @Override
    public void asyncInvoke(LogPlace place, ResultFuture<Void> result) {
        thread.execute(
                () -> {
                    try {
                        recall(place);
                        result.complete(List.of());
                    } catch (RuntimeException e) {
                        // The job starts again and with it this: Kafka is what it lives on.
                        result.completeExceptionally(e);
                    }
                });
    }

    private void recall(LogPlace place) {
        EventLog log = new EventLog(kafka, LIMIT);
        if (!log.repeat(place.topic(), place.partition(), place.offset())) {
            gone.inc();
            LOGGER.warn(
                    "The event at {}-{} offset {} is not in the log any more; a row with two"
                            + " states of one time keeps the one that was retried. A backfill of"
                            + " its integration repairs it.",
                    place.topic(),
                    place.partition(),
                    place.offset());
        }
    }

    @Override
    public void close() throws Exception {
        if (thread != null) {
            thread.shutdownNow();
            thread.awaitTermination(5, TimeUnit.SECONDS);
        }
    }
}

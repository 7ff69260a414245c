package io.webhookdb.connectors.replica;

import io.webhookdb.connectors.replica.LaneScheduler.Pool;
import io.webhookdb.connectors.replica.LaneScheduler.Start;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.apache.flink.api.common.operators.MailboxExecutor;
import org.apache.flink.util.function.ThrowingRunnable;

/**
 * Runs batches on worker threads and hands each one's end to the task thread as a mail. What goes
 * wrong beyond what a {@link BatchOutcome} can say fails the task.
 */
final class BatchRunner implements AutoCloseable {
    /** Called on the task thread. */
    interface Ended {
        /**
         * @param millis how long the database took
         */
        void ended(Start start, Batch batch, BatchOutcome outcome, long millis) throws Exception;
    }

    private final BatchWriter writer;
    private final Workers workers;
    private final MailboxExecutor mailbox;
    private final Ended ended;

    BatchRunner(BatchWriter writer, Workers workers, MailboxExecutor mailbox, Ended ended) {
        this.writer = writer;
        this.workers = workers;
        this.mailbox = mailbox;
        this.ended = ended;
    }

    void run(Start start, Batch batch) {
        workers.run(start.pool(), () -> write(start, batch));
    }

    /** Runs something else that may wait for a server. */
    void run(Runnable work) {
        workers.run(Pool.PROBE, work);
    }

    private void write(Start start, Batch batch) {
        long startedAt = System.nanoTime();
        try {
            BatchOutcome outcome = writer.write(batch);
            long millis = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - startedAt);
            mail(() -> ended.ended(start, batch, outcome, millis));
        } catch (Throwable t) {
            mail(
                    () -> {
                        throw new IllegalStateException(
                                "Batch of lane "
                                        + start.lane().key().text()
                                        + " ended unexpectedly",
                                t);
                    });
            throw t;
        }
    }

    private void mail(ThrowingRunnable<Exception> mail) {
        try {
            mailbox.execute(mail, "replica batch ended");
        } catch (RejectedExecutionException e) {
            // The task is over. What this batch wrote will be written again, and so announced.
            return;
        }
    }

    @Override
    public void close() {
        workers.close();
    }
}

package io.webhookdb.connectors.statefun;

import java.util.concurrent.RejectedExecutionException;
import org.apache.flink.api.common.operators.MailboxExecutor;
import org.apache.flink.streaming.runtime.tasks.ProcessingTimeService;
import org.apache.flink.util.function.ThrowingRunnable;

/** Calls back on the task thread: from any thread at once, and later from that thread itself. */
final class TaskThread {
    private final MailboxExecutor mailbox;
    private final ProcessingTimeService clock;
    private long wakeupAt = Long.MAX_VALUE;

    TaskThread(MailboxExecutor mailbox, ProcessingTimeService clock) {
        this.mailbox = mailbox;
        this.clock = clock;
    }

    /** Runs there as soon as may be, unless the task is over. */
    void execute(ThrowingRunnable<Exception> mail) {
        try {
            mailbox.execute(mail, "function answered");
        } catch (RejectedExecutionException e) {
            // The task is over. The messages of this call are in state and will be sent again.
            return;
        }
    }

    /** Runs a mail that waits, if there is one. */
    boolean yields() {
        return mailbox.tryYield();
    }

    /**
     * Has itself called at a time, or sooner for somebody who asked for that.
     *
     * @param at by the same clock as {@code now}
     */
    void wake(long at, long now, ThrowingRunnable<Exception> then) {
        if (at < wakeupAt) {
            wakeupAt = at;
            clock.registerTimer(
                    clock.getCurrentProcessingTime() + Math.max(1, at - now),
                    ignored -> {
                        wakeupAt = Long.MAX_VALUE;
                        then.run();
                    });
        }
    }
}

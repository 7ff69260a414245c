package io.webhookdb.connectors.replica;

import java.io.Serializable;
import java.time.Duration;

/**
 * Limits of the replica writer, per subtask.
 *
 * @param longestLinger how long rows of a busy table wait for more before a batch starts
 * @param mostRows rows in a batch
 * @param mostBatchBytes bytes in a batch
 * @param heapPerOrganization bytes of unwritten rows in heap of one organization, however little is
 *     free ({@link HeapGate})
 * @param heapPerSubtask bytes of unwritten rows in heap, where the process has so much ({@link
 *     HeapShare})
 * @param threads batches in flight of databases that answer well
 * @param threadsForSlow batches in flight of databases that are slow
 * @param threadsForProbes batches in flight of databases whose last batch failed
 * @param batchesPerOrganization batches in flight of one organization
 * @param slow age of a batch from which its database counts as slow. Well above what a large batch
 *     takes of a server that is merely busy: what is parked instead costs three times the work
 * @param firstRetry wait after the first failure; doubles
 * @param longestRetry longest wait between attempts
 * @param barrierWait longest wait for batches before a checkpoint's barrier
 * @param drainLimit longest wait for all rows at the end of the input
 * @param repetitionGrace after a restore, how long newly received events may still stand in for
 *     events whose announcement was lost
 * @param mostChangeBytes size from which a change goes out without its data
 * @param connections limits on connections
 */
public record ReplicaWriterSettings(
        Duration longestLinger,
        int mostRows,
        long mostBatchBytes,
        long heapPerOrganization,
        long heapPerSubtask,
        int threads,
        int threadsForSlow,
        int threadsForProbes,
        int batchesPerOrganization,
        Duration slow,
        Duration firstRetry,
        Duration longestRetry,
        Duration barrierWait,
        Duration drainLimit,
        Duration repetitionGrace,
        int mostChangeBytes,
        ConnectionTimeouts connections)
        implements Serializable {

    /** What production uses. */
    public static final ReplicaWriterSettings DEFAULT =
            new ReplicaWriterSettings(
                    Duration.ofMillis(50),
                    1000,
                    8L << 20,
                    16L << 20,
                    256L << 20,
                    8,
                    4,
                    2,
                    2,
                    Duration.ofSeconds(2),
                    Duration.ofMillis(500),
                    Duration.ofSeconds(30),
                    Duration.ofMillis(200),
                    Duration.ofMinutes(1),
                    Duration.ofMinutes(1),
                    900_000,
                    ConnectionTimeouts.DEFAULT);
}

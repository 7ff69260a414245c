package io.webhookdb.connectors.keyset;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.webhookdb.connectors.kafka.OutgoingRecord;
import io.webhookdb.schemas.control.ControlCodec;
import io.webhookdb.schemas.control.ControlRecord;
import io.webhookdb.schemas.control.RotationControl;
import io.webhookdb.schemas.status.KeysetsRead;
import io.webhookdb.schemas.status.StatusCodec;
import io.webhookdb.security.keyset.HeldKeys;
import io.webhookdb.security.keyset.KeysetFolder;
import java.nio.file.Path;
import java.time.Instant;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.UUID;
import org.apache.flink.runtime.state.StateSnapshotContext;
import org.apache.flink.streaming.api.operators.AbstractStreamOperator;
import org.apache.flink.streaming.api.operators.OneInputStreamOperator;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;

/**
 * Reports, a few times a minute, which keys the job holds and up to which rotation its state needs
 * no older ones. Its input are all control records.
 *
 * <p>One operator speaks for all of the job: control records come to every operator from the same
 * source and in the same order, so what this one had before a barrier every other had before the
 * same barrier. When that checkpoint is complete, no state holds an older record of an entity.
 */
final class KeysetReporter extends AbstractStreamOperator<OutgoingRecord>
        implements OneInputStreamOperator<byte[], OutgoingRecord> {
    private static final long serialVersionUID = 1L;
    private static final String NEEDED = "connections";

    private final String job;
    private final String keysets;

    private transient KeysetFolder folder;
    private transient String reader;
    private transient long applied;
    private transient long covered;
    private transient long checkpoint;
    private transient NavigableMap<Long, Long> snapshots;

    /**
     * Speaks for a job.
     *
     * @param job kind of part, such as {@code replication}
     * @param keysets folder with the keyset {@code connections}
     */
    KeysetReporter(String job, String keysets) {
        this.job = job;
        this.keysets = keysets;
    }

    @Override
    public void open() throws Exception {
        super.open();
        folder = KeysetFolder.open(Path.of(keysets));
        reader =
                job
                        + "/"
                        + getRuntimeContext().getTaskInfo().getIndexOfThisSubtask()
                        + "/"
                        + UUID.randomUUID();
        snapshots = new TreeMap<>();
        report(0);
    }

    @Override
    public void processElement(StreamRecord<byte[]> element) {
        ControlRecord record = ControlCodec.decode(element.getValue());
        if (record instanceof RotationControl rotation) {
            applied = Math.max(applied, rotation.asOfMicros());
        }
    }

    @Override
    public void snapshotState(StateSnapshotContext context) throws Exception {
        super.snapshotState(context);
        snapshots.put(context.getCheckpointId(), applied);
    }

    @Override
    public void notifyCheckpointComplete(long id) throws Exception {
        super.notifyCheckpointComplete(id);
        NavigableMap<Long, Long> done = snapshots.headMap(id, true);
        if (!done.isEmpty()) {
            covered = done.lastEntry().getValue();
            checkpoint = id;
            done.clear();
        }
    }

    private void report(long now) {
        try {
            folder.held().stream().filter(keys -> keys.keyset().equals(NEEDED)).forEach(this::emit);
        } catch (IllegalStateException e) {
            // The folder is away, or half replaced: a rotation waits for the next report.
            LOG.debug("No report of keys", e);
        }
        getProcessingTimeService()
                .registerTimer(
                        getProcessingTimeService().getCurrentProcessingTime()
                                + KeysetsRead.EVERY.toMillis(),
                        this::report);
    }

    private void emit(HeldKeys keys) {
        KeysetsRead report =
                new KeysetsRead(
                        reader,
                        keys.keyset(),
                        keys.all(),
                        covered,
                        checkpoint,
                        Instant.now().toString(),
                        keys.primary());
        output.collect(
                new StreamRecord<>(
                        new OutgoingRecord(
                                report.key().getBytes(UTF_8), StatusCodec.encode(report))));
    }
}

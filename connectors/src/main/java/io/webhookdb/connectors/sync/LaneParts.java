package io.webhookdb.connectors.sync;

import io.webhookdb.security.keyset.KeysetFolder;
import io.webhookdb.security.keyset.SecretOpener;
import io.webhookdb.security.outbound.OutboundPolicy;
import java.nio.file.Path;

/** Gives lanes what they need to reach targets and databases, and closes it behind them. */
final class LaneParts implements AutoCloseable {
    private final SyncWorkers workers;
    private final ReplicaPages replica;
    private final SyncTargets targets;
    private final PageDeadline deadline = new PageDeadline(PageDeadline.USUAL);

    /**
     * @param keysets folder of the keysets
     */
    LaneParts(SyncSettings settings, String keysets, SyncWorkers workers) {
        SecretOpener opener = KeysetFolder.open(Path.of(keysets)).connectionsOpener();
        OutboundPolicy policy = OutboundPolicy.parse(settings.outboundAllow());
        this.workers = workers;
        this.replica = new ReplicaPages(opener, policy);
        this.targets = new SyncTargets(opener, policy, settings.requestTimeout());
    }

    SyncLane lane(String key, LaneProgress progress) {
        return new SyncLane(
                key,
                progress,
                new Delivery(targets, replica, deadline),
                new ReplicaReader(replica));
    }

    /** After what the lane has under way, which may hang. */
    void close(SyncLane lane) {
        workers.tryToSend(lane.delivery::close);
        workers.read(lane.reader::rest);
    }

    @Override
    public void close() {
        workers.send(targets::close);
        workers.close();
        deadline.close();
    }
}

package io.webhookdb.connectors.sync;

import io.webhookdb.connectors.serialization.ExplicitType;
import org.apache.flink.api.common.typeinfo.TypeInformation;

/**
 * What routers send to a target's lane: a changed row, or the notice that from now on this router
 * sends every change of the target's table.
 *
 * @param target opaque id of the sync target
 * @param shard number of the lane
 * @param row the changed row; null for the notice
 * @param router index of the sending router
 * @param routers how many routers there are
 */
public record SyncInput(String target, int shard, SyncRow row, int router, int routers) {
    /** The stream type. */
    public static final TypeInformation<SyncInput> TYPE =
            ExplicitType.of(SyncInput.class, new SyncInputSerializer());

    /** Key of the lane: everything of one lane is in one place. */
    public String lane() {
        return target + "/" + shard;
    }

    boolean isNotice() {
        return row == null;
    }
}

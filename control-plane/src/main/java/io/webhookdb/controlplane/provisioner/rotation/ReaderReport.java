package io.webhookdb.controlplane.provisioner.rotation;

import io.webhookdb.schemas.status.KeysetsRead;
import java.util.List;

/**
 * What a running part told last of one keyset.
 *
 * @param controlMicros time up to which it has applied control records for good
 */
record ReaderReport(
        String reader, String keyset, List<Long> keys, long primary, long controlMicros) {
    ReaderReport {
        keys = List.copyOf(keys);
    }

    String part() {
        return KeysetsRead.part(reader);
    }
}

package io.webhookdb.controlplane.provisioner.rotation;

import java.util.List;

/**
 * What a rotation does to one keyset.
 *
 * @param added id of the new key
 * @param retired ids of the keys that go
 */
record KeyChange(long added, List<Long> retired) {
    KeyChange {
        retired = List.copyOf(retired);
    }
}

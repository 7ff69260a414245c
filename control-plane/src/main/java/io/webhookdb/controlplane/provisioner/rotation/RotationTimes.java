package io.webhookdb.controlplane.provisioner.rotation;

import io.webhookdb.schemas.status.KeysetsRead;
import java.time.Duration;

/**
 * Times of a rotation.
 *
 * @param settled least length of a step that waits: several reports of each part
 * @param lately how long a part counts as running after its last report
 */
public record RotationTimes(Duration settled, Duration lately) {
    /** How often parts report. */
    private static final Duration REPORT = KeysetsRead.EVERY;

    /** The usual times. */
    public static final RotationTimes USUAL =
            new RotationTimes(REPORT.multipliedBy(3), REPORT.multipliedBy(10));
}

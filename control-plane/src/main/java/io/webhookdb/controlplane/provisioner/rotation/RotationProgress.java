package io.webhookdb.controlplane.provisioner.rotation;

import java.util.List;

/**
 * Where a rotation is.
 *
 * @param rewritten ciphertexts rewritten so far
 * @param waitingFor what the step waits for; empty if for nothing
 */
public record RotationProgress(
        long id, RotationStep step, long rewritten, List<String> waitingFor) {
    public RotationProgress {
        waitingFor = List.copyOf(waitingFor);
    }
}

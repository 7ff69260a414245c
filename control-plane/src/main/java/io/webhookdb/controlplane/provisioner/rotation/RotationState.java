package io.webhookdb.controlplane.provisioner.rotation;

import java.time.Duration;
import java.util.Optional;
import java.util.Set;

/**
 * One rotation as it is noted.
 *
 * @param parts kinds of parts that must be heard
 * @param inStep how long it has been in its step
 * @param place which of the places ciphertexts are stored in comes next
 * @param afterId how far that place is done
 * @param rewritten ciphertexts rewritten so far
 * @param passRewritten of these in the present pass
 * @param listed newest entry of the list of entities that has to be published
 * @param publishedMicros when all of it was published
 */
record RotationState(
        long id,
        RotationStep step,
        KeyChanges changes,
        Set<String> parts,
        Duration inStep,
        int place,
        long afterId,
        long rewritten,
        long passRewritten,
        long listed,
        Optional<Long> publishedMicros) {

    Readiness readiness() {
        return new Readiness(changes, parts, publishedMicros.orElse(0L));
    }
}

package io.webhookdb.controlplane.provisioner;

/**
 * How topics are made.
 *
 * @param partitions of every topic but control
 * @param replicationFactor copies of each partition
 * @param minInsyncReplicas copies that must have a record before it is acknowledged
 */
public record TopicSettings(int partitions, short replicationFactor, short minInsyncReplicas) {
    private static final short SAFE_REPLICATION = 3;

    /** One broker, one copy. What it acknowledged is lost with its disk. */
    public static TopicSettings standalone(int partitions) {
        return new TopicSettings(partitions, (short) 1, (short) 1);
    }

    /**
     * Copies on several brokers.
     *
     * @throws IllegalArgumentException for fewer than 3: an acknowledged event must outlive a
     *     broker while another is being replaced
     */
    public static TopicSettings replicated(int partitions, int replicationFactor) {
        if (replicationFactor < SAFE_REPLICATION) {
            throw new IllegalArgumentException(
                    "Replication factor "
                            + replicationFactor
                            + " is less than 3. Only a standalone deployment may have less.");
        }
        return new TopicSettings(
                partitions, (short) replicationFactor, (short) (replicationFactor - 1));
    }
}

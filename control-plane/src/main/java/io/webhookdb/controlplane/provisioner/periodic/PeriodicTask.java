package io.webhookdb.controlplane.provisioner.periodic;

import java.time.Duration;

/**
 * Something done again and again.
 *
 * @param name for logs
 * @param period pause between two runs
 * @param action one run; what it throws is logged, and the next run comes as usual
 */
public record PeriodicTask(String name, Duration period, Runnable action) {}

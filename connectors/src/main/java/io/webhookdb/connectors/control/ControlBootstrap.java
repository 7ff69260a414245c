package io.webhookdb.connectors.control;

import java.io.Serializable;
import java.util.List;

/**
 * How an operator learns what exists before it sees the first event, whatever its state has of it.
 * Called once, while the operator initializes.
 */
@FunctionalInterface
public interface ControlBootstrap extends Serializable {
    /** The JSON of every control record this release knows, in order. */
    List<byte[]> read();
}

package io.webhookdb.connectors.control;

import java.io.Serializable;
import java.util.List;

/**
 * How an operator without restored state learns what exists before it sees the first event. Called
 * once, while the operator initializes.
 */
@FunctionalInterface
public interface ControlBootstrap extends Serializable {
    /** The JSON of every control record this release knows, in order. */
    List<byte[]> read();
}

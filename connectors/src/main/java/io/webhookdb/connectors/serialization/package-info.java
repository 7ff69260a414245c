/** How records travel between operators and lie in state: explicit, numbered forms, never Kryo. */
package io.webhookdb.connectors.serialization;

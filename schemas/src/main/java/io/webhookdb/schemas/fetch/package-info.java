/** Resources that an event named without bringing them, as JSON on {@code fetches.v1}. */
package io.webhookdb.schemas.fetch;

/** Which trace (W3C Trace Context) an event, a change and a delivery belong to. */
package io.webhookdb.schemas.trace;

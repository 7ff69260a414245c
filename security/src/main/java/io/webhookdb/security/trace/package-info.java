/** Spans of what the parts do, for whoever collects them. Here because every part reaches it. */
package io.webhookdb.security.trace;

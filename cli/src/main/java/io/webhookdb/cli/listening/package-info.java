/** Changes that are forwarded to a developer's machine. */
package io.webhookdb.cli.listening;

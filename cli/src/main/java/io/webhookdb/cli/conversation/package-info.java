/** The server asks, the person answers, until the request is done. */
package io.webhookdb.cli.conversation;

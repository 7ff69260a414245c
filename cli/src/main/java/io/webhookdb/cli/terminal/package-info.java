/** The person or the pipe at the other end: output, questions, colour. */
package io.webhookdb.cli.terminal;

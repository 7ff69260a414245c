/**
 * The commands, a class per group. A command turns its words into one request and names the form of
 * the answer; {@link io.webhookdb.cli.command.Session} does the rest.
 */
package io.webhookdb.cli.command;

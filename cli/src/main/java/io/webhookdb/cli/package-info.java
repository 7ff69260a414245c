/**
 * The {@code webhookdb} command: words in, HTTP requests out, answers shown.
 *
 * <p>{@code command} turns words into requests, {@code conversation} answers the server's
 * questions, {@code api} speaks HTTP, {@code output} shows answers, {@code prefs} remembers the
 * login, {@code terminal} is the person or pipe at the other end.
 */
package io.webhookdb.cli;

/** What is remembered between runs: who is logged in where, and the active organization. */
package io.webhookdb.cli.prefs;

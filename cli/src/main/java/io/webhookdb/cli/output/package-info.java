/** Answers made visible: tables for people, JSON and CSV for programs, never losing a digit. */
package io.webhookdb.cli.output;

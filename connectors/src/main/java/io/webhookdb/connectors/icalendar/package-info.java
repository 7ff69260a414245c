/** Reads iCalendar objects (RFC 5545) into the rows people query: one per occurrence. */
package io.webhookdb.connectors.icalendar;

/** The asynchronous HTTP client of every call that leaves the system for an address users gave. */
package io.webhookdb.connectors.outbound;

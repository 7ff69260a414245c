/** Certificates of listeners: PEM files that are read again when they change. */
package io.webhookdb.security.tls;

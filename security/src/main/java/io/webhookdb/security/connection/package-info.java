/**
 * Connection strings as closed records: only listed properties, none that names a class or a file.
 */
package io.webhookdb.security.connection;

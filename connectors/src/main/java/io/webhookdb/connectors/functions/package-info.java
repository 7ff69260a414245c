/** Functions of users, which see a change before it is delivered. */
package io.webhookdb.connectors.functions;

/** What a job tells of the keys it holds. */
package io.webhookdb.connectors.keyset;

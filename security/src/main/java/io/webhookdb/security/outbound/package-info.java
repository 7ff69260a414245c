/** Which addresses this system may call on a customer's behalf. */
package io.webhookdb.security.outbound;

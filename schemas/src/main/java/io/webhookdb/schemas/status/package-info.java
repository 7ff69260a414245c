/** What jobs report back to the control plane, as JSON on {@code status.v1}. */
package io.webhookdb.schemas.status;

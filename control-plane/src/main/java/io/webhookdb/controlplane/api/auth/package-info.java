/** Login by e-mailed code, sessions, and who a request comes from. */
package io.webhookdb.controlplane.api.auth;

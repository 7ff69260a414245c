/**
 * Proof that a webhook comes from its vendor: {@link
 * io.webhookdb.security.signature.SignatureVerifier} checks one request of one integration and says
 * why it refuses.
 */
package io.webhookdb.security.signature;

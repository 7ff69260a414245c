/** Code for the few requests no declaration can describe. */
package io.webhookdb.schemas.hook;

/** Mail to people: login codes and invitations. */
package io.webhookdb.controlplane.mail;

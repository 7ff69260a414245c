package io.webhookdb.controlplane.api.http;

import java.util.OptionalLong;

/**
 * Who a request comes from, for the audit log.
 *
 * @param customer numeric id, where it is a known person
 * @param name e-mail address, or what else is known
 * @param via how they proved it: {@code session}, {@code token ID}, ...
 */
public record Caller(OptionalLong customer, String name, String via) {}

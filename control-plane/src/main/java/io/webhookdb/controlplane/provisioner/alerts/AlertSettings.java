package io.webhookdb.controlplane.provisioner.alerts;

import io.webhookdb.controlplane.mail.Mailer;
import io.webhookdb.security.outbound.OutboundPolicy;

/**
 * How alerts get to people.
 *
 * @param mailer mails admins of organizations that have no error handler
 * @param outbound what error handlers may be called
 * @param installation what error handlers are told of this one
 */
public record AlertSettings(Mailer mailer, OutboundPolicy outbound, Installation installation) {}

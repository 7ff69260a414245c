package io.webhookdb.controlplane.api.organizations;

import io.webhookdb.controlplane.api.auth.Customer;

/** Who a request comes from and in which organization. */
public record Member(Customer customer, Organization organization, Role role) {}

package io.webhookdb.controlplane.api.auth;

import java.util.OptionalLong;

/**
 * A person who can log in.
 *
 * @param id numeric id
 * @param email lower-cased address
 * @param name as given; may be empty
 * @param defaultOrganization organization that becomes active at login
 */
public record Customer(long id, String email, String name, OptionalLong defaultOrganization) {}

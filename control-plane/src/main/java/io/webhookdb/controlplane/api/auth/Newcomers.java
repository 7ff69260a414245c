package io.webhookdb.controlplane.api.auth;

import org.jdbi.v3.core.Handle;

/** What a login needs to know of organizations. */
public interface Newcomers {
    /**
     * Gives a customer without an organization one of their own, in the transaction of the login.
     */
    void welcome(Handle transaction, Customer customer);

    /** The contract's description of a customer, once what belongs to them is usable. */
    Object profile(Customer customer);
}

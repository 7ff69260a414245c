package io.webhookdb.controlplane.api.organizations;

import io.webhookdb.controlplane.api.auth.Customer;
import io.webhookdb.controlplane.api.auth.Newcomers;
import io.webhookdb.controlplane.api.http.ApiException;
import io.webhookdb.controlplane.api.provisioned.Provisioned;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;

/** What can be done with organizations. */
public final class Organizations implements Newcomers {
    /** Longest name. */
    static final int NAME_LIMIT = 200;

    private static final int KEY_TRIES = 20;

    private final Jdbi jdbi;
    private final Provisioned provisioned;

    public Organizations(Jdbi jdbi, Provisioned provisioned) {
        this.jdbi = jdbi;
        this.provisioned = provisioned;
    }

    @Override
    public void welcome(Handle transaction, Customer customer) {
        List<Membership> memberships =
                OrganizationStore.ofCustomer(transaction, customer.id()).stream()
                        .filter(Membership::verified)
                        .toList();
        if (memberships.isEmpty()) {
            createDefault(transaction, customer);
        } else if (customer.defaultOrganization().isEmpty()) {
            OrganizationStore.makeDefault(
                    transaction, customer.id(), memberships.get(0).organization().id());
        }
    }

    @Override
    public CurrentCustomer profile(Customer customer) {
        customer.defaultOrganization().ifPresent(provisioned::awaitOrganization);
        return current(customer);
    }

    CurrentCustomer current(Customer customer) {
        return CurrentCustomer.of(customer, memberships(customer));
    }

    /**
     * Creates an organization; the creator becomes its admin and it becomes their default.
     *
     * @throws ApiException 400 if the name is taken or unusable
     */
    Organization create(Customer creator, String name) {
        if (name.length() > NAME_LIMIT || name.chars().anyMatch(Character::isISOControl)) {
            throw ApiException.validation(
                    "name",
                    "must have at most " + NAME_LIMIT + " characters and no control characters");
        }
        return jdbi.inTransaction(
                handle ->
                        OrganizationStore.create(handle, creator, name, OrganizationKey.of(name))
                                .orElseThrow(
                                        () -> ApiException.validation("name", "is already taken")));
    }

    List<Membership> memberships(Customer customer) {
        return jdbi.withHandle(handle -> OrganizationStore.ofCustomer(handle, customer.id()));
    }

    List<Membership> members(Organization organization) {
        return jdbi.withHandle(
                handle -> OrganizationStore.ofOrganization(handle, organization.id()));
    }

    /** A first login must not fail because two addresses give the same key. */
    private static void createDefault(Handle transaction, Customer customer) {
        String name = customer.email() + " Org";
        Optional<Organization> created =
                OrganizationStore.create(transaction, customer, name, OrganizationKey.of(name));
        for (int i = 0; created.isEmpty() && i < KEY_TRIES; i++) {
            String suffix =
                    HexFormat.of().toHexDigits((short) ThreadLocalRandom.current().nextInt());
            String free =
                    OrganizationStore.nameTaken(transaction, name) ? name + " " + suffix : name;
            created =
                    OrganizationStore.create(
                            transaction, customer, free, OrganizationKey.of(name, suffix));
        }
        if (created.isEmpty()) {
            throw new IllegalStateException("No free organization key for a new customer");
        }
    }
}

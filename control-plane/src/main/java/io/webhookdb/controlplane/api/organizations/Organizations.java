package io.webhookdb.controlplane.api.organizations;

import io.webhookdb.controlplane.api.auth.Customer;
import io.webhookdb.controlplane.api.auth.Newcomers;
import io.webhookdb.controlplane.api.http.ApiException;
import io.webhookdb.controlplane.api.provisioned.Provisioned;
import java.sql.SQLException;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.statement.UnableToExecuteStatementException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What can be done with organizations. */
public final class Organizations implements Newcomers {
    /** Longest name. */
    static final int NAME_LIMIT = 200;

    private static final int KEY_TRIES = 20;
    private static final String UNIQUE_VIOLATION = "23505";
    private static final Logger LOG = LoggerFactory.getLogger(Organizations.class);

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
        ensureUsable(name, "name");
        return jdbi.inTransaction(
                handle ->
                        OrganizationStore.create(handle, creator, name, OrganizationKey.of(name))
                                .or(() -> withAnotherKey(handle, creator, name))
                                .orElseThrow(
                                        () -> ApiException.validation("name", "is already taken")));
    }

    /** A name in another script must not be refused because its key is somebody else's. */
    private static Optional<Organization> withAnotherKey(
            Handle handle, Customer creator, String name) {
        return OrganizationKey.isLossy(name) && !OrganizationStore.nameTaken(handle, name)
                ? OrganizationStore.create(
                        handle, creator, name, OrganizationKey.of(name, suffix()))
                : Optional.empty();
    }

    List<Membership> memberships(Customer customer) {
        return jdbi.withHandle(handle -> OrganizationStore.ofCustomer(handle, customer.id()));
    }

    /**
     * Gives an organization another name; the key stays.
     *
     * @param field the parameter the name came in
     * @throws ApiException 400 if the name is blank, taken or unusable
     */
    Organization rename(Organization organization, String name, String field) {
        ensureUsable(name, field);
        try {
            return jdbi.inTransaction(
                    handle -> {
                        OrganizationStore.rename(handle, organization.id(), name);
                        return OrganizationStore.find(handle, "" + organization.id()).orElseThrow();
                    });
        } catch (UnableToExecuteStatementException e) {
            if (e.getCause() instanceof SQLException cause
                    && UNIQUE_VIOLATION.equals(cause.getSQLState())) {
                throw ApiException.validation(field, "is already taken");
            }
            throw e;
        }
    }

    /** Blank clears it. */
    void billTo(Organization organization, String email) {
        jdbi.useHandle(handle -> OrganizationStore.billTo(handle, organization.id(), email));
    }

    /** Tells the operators; nothing is deleted. */
    void requestClosing(Member admin) {
        long id = admin.organization().id();
        jdbi.useHandle(
                handle -> OrganizationStore.requestClosing(handle, id, admin.customer().id()));
        LOG.warn(
                "Organization {} ({}) asks to be closed; asked by customer {}",
                id,
                admin.organization().key(),
                admin.customer().id());
    }

    private static void ensureUsable(String name, String field) {
        if (name.isEmpty()) {
            throw ApiException.validation(field, "is missing");
        }
        if (name.length() > NAME_LIMIT || name.chars().anyMatch(Character::isISOControl)) {
            throw ApiException.validation(
                    field,
                    "must have at most " + NAME_LIMIT + " characters and no control characters");
        }
    }

    /** A first login must not fail because two addresses give the same key. */
    private static void createDefault(Handle transaction, Customer customer) {
        String name = customer.email() + " Org";
        Optional<Organization> created =
                OrganizationStore.create(transaction, customer, name, OrganizationKey.of(name));
        for (int i = 0; created.isEmpty() && i < KEY_TRIES; i++) {
            String suffix = suffix();
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

    private static String suffix() {
        return HexFormat.of().toHexDigits((short) ThreadLocalRandom.current().nextInt());
    }
}

package io.webhookdb.controlplane.api.auth;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Optional;
import java.util.OptionalLong;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.StatementContext;

/** Customers. */
public final class CustomerStore {
    private CustomerStore() {}

    static Optional<Customer> byEmail(Handle handle, String email) {
        return handle.createQuery("SELECT * FROM customers WHERE email = :email")
                .bind("email", email)
                .map(CustomerStore::customer)
                .findOne();
    }

    static Optional<Customer> byId(Handle handle, long id) {
        return handle.createQuery("SELECT * FROM customers WHERE id = :id")
                .bind("id", id)
                .map(CustomerStore::customer)
                .findOne();
    }

    /** The customer of that address, created if there is none. */
    public static Customer ensure(Handle handle, String email) {
        handle.execute(
                "INSERT INTO customers (email) VALUES (?) ON CONFLICT (email) DO NOTHING", email);
        return byEmail(handle, email).orElseThrow();
    }

    static Customer customer(ResultSet row, StatementContext context) throws SQLException {
        long organization = row.getLong("default_organization_id");
        return new Customer(
                row.getLong("id"),
                row.getString("email"),
                row.getString("name"),
                row.wasNull() ? OptionalLong.empty() : OptionalLong.of(organization));
    }
}

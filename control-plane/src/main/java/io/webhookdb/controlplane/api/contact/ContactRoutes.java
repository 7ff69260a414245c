package io.webhookdb.controlplane.api.contact;

import io.webhookdb.controlplane.api.http.ApiException;
import io.webhookdb.controlplane.api.http.Message;
import io.webhookdb.controlplane.api.http.Request;
import io.webhookdb.controlplane.api.http.Router;
import org.jdbi.v3.core.Jdbi;

/**
 * {@code /v1/auth/contact}: a form anyone may send. Kept in the table {@code contact_messages}, the
 * newest {@value #KEPT} of them.
 */
public final class ContactRoutes {
    private static final int KEPT = 1000;
    private static final int SHORT = 200;
    private static final int LONG = 5000;

    private final Jdbi jdbi;

    public ContactRoutes(Jdbi jdbi) {
        this.jdbi = jdbi;
    }

    /** Adds the route. */
    public void addTo(Router router) {
        router.post("/v1/auth/contact", this::contact);
    }

    private Object contact(Request request) {
        String form = text(request, "form_name", SHORT);
        if (form.isEmpty()) {
            throw ApiException.validation("form_name", "is missing");
        }
        String email = text(request, "email", SHORT);
        String name = text(request, "name", SHORT);
        String message = text(request, "message", LONG);
        jdbi.useTransaction(
                handle -> {
                    handle.execute(
                            "INSERT INTO contact_messages (form_name, email, name, message) VALUES"
                                    + " (?, ?, ?, ?)",
                            form,
                            email,
                            name,
                            message);
                    handle.execute(
                            "DELETE FROM contact_messages WHERE id <= (SELECT max(id) FROM"
                                    + " contact_messages) - ?",
                            KEPT);
                });
        return new Message("Thank you. The people who run this server can read your message now.");
    }

    private static String text(Request request, String name, int most) {
        String text = request.text(name).replace("\0", "");
        if (text.length() > most) {
            throw ApiException.validation(name, "must have at most " + most + " characters");
        }
        return text;
    }
}

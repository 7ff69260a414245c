package io.webhookdb.controlplane.api.organizations;

import io.webhookdb.controlplane.api.auth.EmailAddress;
import io.webhookdb.controlplane.api.http.ApiException;
import io.webhookdb.controlplane.api.http.Paths;
import io.webhookdb.controlplane.api.http.Question;
import io.webhookdb.controlplane.api.http.Request;
import io.webhookdb.controlplane.api.http.Router;
import io.webhookdb.controlplane.api.http.Step;

/** What admins change of {@code /v1/organizations/{org}} itself. */
public final class SettingsRoutes {
    private final Access access;
    private final Organizations organizations;

    public SettingsRoutes(Access access, Organizations organizations) {
        this.access = access;
        this.organizations = organizations;
    }

    /** Adds the routes. */
    public void addTo(Router router) {
        router.post(Paths.ONE_ORGANIZATION + "/update", this::update)
                .post(Paths.ONE_ORGANIZATION + "/rename", this::rename)
                .post(Paths.ONE_ORGANIZATION + "/close", this::close);
    }

    private Object update(Request request) {
        Organization organization = access.admin(request).organization();
        String field = request.text("field");
        if (field.isEmpty()) {
            throw ApiException.validation("field", "is missing");
        }
        if (!request.present("value")) {
            throw ApiException.validation("value", "is missing");
        }
        String value = request.text("value");
        return switch (field) {
            case "name" -> renamed(organization, value, "value");
            case "billing_email" -> billed(organization, value);
            default ->
                    throw ApiException.permission(
                            field + " cannot be changed. Allowed: name, billing_email.");
        };
    }

    private Object rename(Request request) {
        Organization organization = access.admin(request).organization();
        String name = request.required("name", Question.pasteOrType("the new name"));
        return renamed(organization, name, "name");
    }

    private Object close(Request request) {
        Member admin = access.admin(request);
        organizations.requestClosing(admin);
        return Step.complete(
                "Your request to close "
                        + admin.organization().name()
                        + " is noted. The operators of this server see to it; until then everything"
                        + " goes on and nothing is deleted.");
    }

    private Object renamed(Organization organization, String name, String field) {
        Organization renamed = organizations.rename(organization, name, field);
        return renamed.told(
                "The organization "
                        + renamed.key()
                        + " is now called "
                        + renamed.name()
                        + ". Its key stays.");
    }

    private Object billed(Organization organization, String typed) {
        String email = typed.isEmpty() ? "" : billingAddress(typed);
        organizations.billTo(organization, email);
        return organization.told(
                email.isEmpty()
                        ? organization.name() + " has no billing e-mail address any more."
                        : "Bills of " + organization.name() + " go to " + email + ".");
    }

    private static String billingAddress(String typed) {
        try {
            return EmailAddress.normalized(typed);
        } catch (ApiException e) {
            throw ApiException.validation("value", "is no e-mail address");
        }
    }
}

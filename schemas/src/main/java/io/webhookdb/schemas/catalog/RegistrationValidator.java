package io.webhookdb.schemas.catalog;

/** Checks that a registration of webhooks has all it needs, the vendor's part included. */
final class RegistrationValidator {
    private static final String AT = "/registration";
    private static final String WHO = "a registration";

    private RegistrationValidator() {}

    static void check(ServiceDefinition service, ProblemList problems) {
        WebhookRegistration registration = service.registration();
        if (registration == null) {
            return;
        }
        problems.require(registration.path(), AT + "/path", WHO);
        problems.require(registration.items(), AT + "/items", WHO);
        problems.require(registration.registeredTarget(), AT + "/registered-target", WHO);
        problems.require(registration.targetMember(), AT + "/target-member", WHO);
        problems.require(registration.eventMember(), AT + "/event-member", WHO);
        problems.require(registration.events(), AT + "/events", WHO);
        if (service.backfill() == null || service.backfill().base() == null) {
            problems.add(AT, "", "the service is not fetched, so it has no base and credentials");
        }
    }
}

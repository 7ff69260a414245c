package io.webhookdb.controlplane.api.integrations;

import io.webhookdb.controlplane.api.http.ApiException;
import io.webhookdb.controlplane.api.http.Step;
import io.webhookdb.controlplane.api.integrations.SetupMachine.Mode;
import io.webhookdb.controlplane.api.organizations.Organization;
import io.webhookdb.schemas.catalog.ServiceDefinition;
import io.webhookdb.schemas.control.BackfillControl.Extent;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jdbi.v3.core.Jdbi;

/**
 * Integrations that depend on another of their organization: they use its credentials, or list what
 * belongs to its rows. Which one is a question of the setup.
 */
final class Dependencies {
    private final Jdbi jdbi;
    private final SetupConversation conversation;

    Dependencies(Jdbi jdbi, SetupConversation conversation) {
        this.jdbi = jdbi;
        this.conversation = conversation;
    }

    /** The end of a conversation about a service for which there is nothing to depend on yet. */
    Optional<Step> missing(Organization organization, ServiceDefinition service) {
        return service.parent() == null || !candidates(organization.id(), service).isEmpty()
                ? Optional.empty()
                : Optional.of(noCandidate(service));
    }

    /** The same step; where it asks what to depend on, with what can be chosen. */
    Step listed(Integration integration, Step step) {
        return asks(step)
                ? listed(integration.organization(), conversation.definition(integration), step)
                : step;
    }

    /** The same, of an integration just made. */
    Step listed(long organization, ServiceDefinition service, Step step) {
        if (!asks(step)) {
            return step;
        }
        List<Integration> candidates = candidates(organization, service);
        if (candidates.isEmpty()) {
            return noCandidate(service);
        }
        String choices =
                IntStream.rangeClosed(1, candidates.size())
                        .mapToObj(
                                number ->
                                        number
                                                + " - "
                                                + candidates.get(number - 1).table()
                                                + " ("
                                                + candidates.get(number - 1).opaqueId()
                                                + ")")
                        .collect(Collectors.joining("\n  ", "\n\n  ", ""));
        return step.withOutput(
                (step.output().isEmpty() ? "" : step.output() + "\n\n")
                        + service.singular()
                        + " depends on an integration of "
                        + service.parent()
                        + ". Choose one:"
                        + choices);
    }

    /**
     * Takes the number of one of those that were listed; blank is the first.
     *
     * @return the step that comes next
     * @throws ApiException 400 if there is no such number
     */
    Step choose(Integration integration, String typed) {
        ServiceDefinition service = conversation.definition(integration);
        if (service.parent() == null) {
            throw ApiException.invalidInput(
                    integration.service() + " does not depend on another integration.");
        }
        List<Integration> candidates = candidates(integration.organization(), service);
        if (candidates.isEmpty()) {
            return noCandidate(service);
        }
        String number = typed.isEmpty() ? "1" : typed;
        if (!number.matches("[0-9]{1,6}")
                || Integer.parseInt(number) < 1
                || Integer.parseInt(number) > candidates.size()) {
            throw ApiException.invalidInput(
                    "There is no choice \""
                            + typed
                            + "\". Allowed: a number from 1 to "
                            + candidates.size()
                            + ".");
        }
        Integration chosen = candidates.get(Integer.parseInt(number) - 1);
        Integration changed =
                jdbi.inTransaction(
                                handle ->
                                        IntegrationStore.dependOn(
                                                handle, integration.id(), chosen.id()))
                        .orElseThrow(
                                () ->
                                        ApiException.permission(
                                                "There is no integration "
                                                        + chosen.opaqueId()
                                                        + " any more."));
        return new SetupMachine(service).preferred() == Mode.BACKFILL
                ? conversation.backfill(changed, Extent.INCREMENTAL)
                : conversation.proceed(changed);
    }

    /** All that depend on one, however far; what depends on others first. */
    List<Integration> of(Integration integration) {
        return jdbi.withHandle(handle -> IntegrationStore.dependents(handle, integration.id()));
    }

    /** A heading and a line for each; nothing if there are none. */
    static String told(String heading, List<Integration> dependents) {
        return dependents.isEmpty()
                ? ""
                : dependents.stream()
                        .map(one -> one.opaqueId() + ", table " + one.table())
                        .collect(Collectors.joining("\n  ", heading + "\n  ", ""));
    }

    private static boolean asks(Step step) {
        return step.postToUrl().endsWith("/" + SetupMachine.DEPENDENCY_FIELD);
    }

    private static Step noCandidate(ServiceDefinition service) {
        return Step.complete(
                        service.singular()
                                + " depends on an integration of "
                                + service.parent()
                                + ", and there is none yet. Run `webhookdb integrations create "
                                + service.parent()
                                + "` first.")
                .withErrorCode("no_candidate_dependency");
    }

    private List<Integration> candidates(long organization, ServiceDefinition service) {
        return jdbi.withHandle(
                handle -> IntegrationStore.ofService(handle, organization, service.parent()));
    }
}

package io.webhookdb.schemas.catalog;

import io.webhookdb.schemas.catalog.Setup.Conversation;
import io.webhookdb.schemas.hook.RequestHooks;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What a JSON Schema cannot say of a definition. Reports all problems, not the first. */
final class DefinitionValidator {
    private final ServiceDefinition service;
    private final ProblemList problems;

    private DefinitionValidator(String file, ServiceDefinition service) {
        this.service = service;
        this.problems = new ProblemList(file);
    }

    static List<CatalogProblem> problems(String file, ServiceDefinition service) {
        DefinitionValidator validator = new DefinitionValidator(file, service);
        validator.names();
        new ColumnValidator(service, validator.problems).check();
        validator.conditions();
        validator.verification();
        new BackfillValidator(service, validator.problems).check();
        RegistrationValidator.check(service, validator.problems);
        validator.setup();
        validator.hook();
        return validator.problems.all();
    }

    private void names() {
        if (!service.name().startsWith(service.vendor() + "_")) {
            problems.add(
                    "/service",
                    service.name(),
                    "expected a name that starts with \"" + service.vendor() + "_\"");
        }
        if (service.name().length() > 58) {
            problems.add(
                    "/service",
                    service.name(),
                    "expected at most 58 characters, so that a table name fits");
        }
    }

    private void hook() {
        if (service.hook() != null && !RequestHooks.names().contains(service.hook())) {
            problems.add("/hook", service.hook(), "there are " + RequestHooks.names());
        }
    }

    private void conditions() {
        Set<String> kept =
                service.keepHeaders().stream()
                        .map(name -> name.toLowerCase(Locale.ROOT))
                        .collect(Collectors.toSet());
        Stream.of(
                        service.envelope().wrappedWhen().stream().map(Condition::source),
                        service.accept().stream().map(Condition::source),
                        service.ignore().stream().map(Condition::source),
                        service.deletes().stream().flatMap(List::stream).map(Condition::source),
                        service.columns().stream()
                                .map(Column::fallback)
                                .filter(fallback -> fallback != null)
                                .flatMap(fallback -> Stream.of(fallback.when(), fallback.unless()))
                                .filter(condition -> condition != null)
                                .map(Condition::source),
                        service.versionTime().stream().map(TimeSource::source),
                        Stream.ofNullable(service.deliveryId()))
                .flatMap(sources -> sources)
                .map(Source::header)
                .filter(header -> header != null && !kept.contains(header.toLowerCase(Locale.ROOT)))
                .distinct()
                .forEach(
                        header ->
                                problems.add(
                                        "/keep-headers",
                                        header,
                                        "it is read after ingest, so it must be kept; kept are "
                                                + service.keepHeaders()));
    }

    private void verification() {
        new VerificationValidator(service, problems).check();
    }

    private void setup() {
        conversation("/setup/webhook", service.setup().webhook(), service.supportsWebhooks());
        conversation("/setup/backfill", service.setup().backfill(), service.supportsBackfill());
    }

    private void conversation(String at, Conversation conversation, boolean supported) {
        if (conversation == null) {
            if (supported) {
                problems.add(at, "", "the service has this mode, so it needs a conversation");
            }
            return;
        }
        if (!supported) {
            problems.add(
                    at, "", "the service does not have this mode; modes are " + service.modes());
        }
        for (int i = 0; i < conversation.prompts().size(); i++) {
            problems.pattern(
                    at + "/prompts/" + i + "/pattern", conversation.prompts().get(i).pattern());
        }
    }
}

package io.webhookdb.schemas.catalog;

import io.webhookdb.schemas.catalog.Setup.Conversation;
import io.webhookdb.schemas.catalog.Verification.Scheme;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What a JSON Schema cannot say of a definition. Reports all problems, not the first. */
final class DefinitionValidator {
    private static final Set<String> RESERVED =
            Set.of("pk", "data", "enrichment", "_version", "_synced_at", "_deleted_at");

    private final String file;
    private final ServiceDefinition service;
    private final List<CatalogProblem> problems = new ArrayList<>();

    private DefinitionValidator(String file, ServiceDefinition service) {
        this.file = file;
        this.service = service;
    }

    static List<CatalogProblem> problems(String file, ServiceDefinition service) {
        DefinitionValidator validator = new DefinitionValidator(file, service);
        validator.names();
        validator.columns();
        validator.conditions();
        validator.verification();
        validator.setup();
        return validator.problems;
    }

    private void names() {
        if (!service.name().startsWith(service.vendor() + "_")) {
            add(
                    "/service",
                    service.name(),
                    "expected a name that starts with \"" + service.vendor() + "_\"");
        }
        if (service.name().length() > 58) {
            add(
                    "/service",
                    service.name(),
                    "expected at most 58 characters, so that a table name fits");
        }
    }

    private void columns() {
        Set<String> names = new HashSet<>();
        names.add(service.key().column());
        if (RESERVED.contains(service.key().column())) {
            add("/key/column", service.key().column(), "reserved are " + RESERVED);
        }
        for (int i = 0; i < service.columns().size(); i++) {
            Column column = service.columns().get(i);
            String at = "/columns/" + i;
            if (RESERVED.contains(column.name())) {
                add(at + "/name", column.name(), "reserved are " + RESERVED);
            } else if (!names.add(column.name())) {
                add(at + "/name", column.name(), "expected a name no other column has");
            }
            if (column.convert() != null && column.type() != ColumnType.TIMESTAMPTZ) {
                add(at + "/convert", word(column.convert()), "only for type timestamptz");
            }
            if (column.pluck() != null && !column.type().isArray()) {
                add(at + "/pluck", column.pluck(), "only for array types");
            }
            if (column.eventPointer() != null && service.envelope().resource() == null) {
                add(at + "/event-pointer", column.eventPointer(), "only with an envelope");
            }
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
                        service.deletes().stream().flatMap(List::stream).map(Condition::source),
                        service.versionTime().stream().map(TimeSource::source),
                        Stream.ofNullable(service.deliveryId()))
                .flatMap(sources -> sources)
                .map(Source::header)
                .filter(header -> header != null && !kept.contains(header.toLowerCase(Locale.ROOT)))
                .distinct()
                .forEach(
                        header ->
                                add(
                                        "/keep-headers",
                                        header,
                                        "it is read after ingest, so it must be kept; kept are "
                                                + service.keepHeaders()));
    }

    private void verification() {
        Verification verification = service.verification();
        boolean hmac =
                verification.scheme() == Scheme.HMAC_BODY
                        || verification.scheme() == Scheme.HMAC_TIMESTAMPED;
        require(verification.scheme() == Scheme.NONE || verification.header() != null, "header");
        require(!hmac || verification.algorithm() != null, "algorithm");
        require(!hmac || verification.encoding() != null, "encoding");
        require(
                verification.scheme() != Scheme.HMAC_TIMESTAMPED
                        || verification.toleranceSeconds() != null,
                "tolerance-seconds");
        if (verification.scheme() == Scheme.STATIC_HEADER
                && service.keepHeaders().stream()
                        .anyMatch(name -> name.equalsIgnoreCase(verification.header()))) {
            add("/keep-headers", verification.header(), "it is the secret itself and never kept");
        }
    }

    private void require(boolean given, String key) {
        if (!given) {
            add(
                    "/verification/" + key,
                    "",
                    "scheme " + word(service.verification().scheme()) + " needs it");
        }
    }

    private void setup() {
        conversation("/setup/webhook", service.setup().webhook(), service.supportsWebhooks());
        conversation("/setup/backfill", service.setup().backfill(), service.supportsBackfill());
    }

    private void conversation(String at, Conversation conversation, boolean supported) {
        if (conversation == null) {
            if (supported) {
                add(at, "", "the service has this mode, so it needs a conversation");
            }
            return;
        }
        if (!supported) {
            add(at, "", "the service does not have this mode; modes are " + service.modes());
        }
        for (int i = 0; i < conversation.prompts().size(); i++) {
            String pattern = conversation.prompts().get(i).pattern();
            if (pattern != null) {
                try {
                    Pattern.compile(pattern);
                } catch (PatternSyntaxException e) {
                    add(at + "/prompts/" + i + "/pattern", pattern, e.getDescription());
                }
            }
        }
    }

    private static String word(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    private void add(String path, String found, String expected) {
        problems.add(
                new CatalogProblem(
                        file,
                        path,
                        (found.isEmpty() ? "missing" : "found \"" + found + "\"")
                                + "; "
                                + expected
                                + "."));
    }
}

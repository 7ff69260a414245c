package io.webhookdb.cli.command;

import io.webhookdb.cli.CliFailure;
import io.webhookdb.cli.api.Fields;
import io.webhookdb.cli.api.Reply;
import io.webhookdb.cli.api.Request;
import io.webhookdb.cli.output.BlocksView;
import io.webhookdb.cli.output.ListView;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code services}: what can be integrated, and what you define yourself. */
@Command
final class ServiceCommands {
    private static final String DEFINITIONS = "service_definitions";
    private static final String HINT = "It is a file with the definition, as YAML.";

    private final Session session;

    ServiceCommands(Session session) {
        this.session = session;
    }

    @Command(
            name = "list",
            description = "List the services your organization can integrate.",
            footer = {
                "  webhookdb services list | grep stripe",
                "  webhookdb services list --totals --format json"
            })
    void list(
            @Mixin OrganizationOption org,
            @Option(
                            names = "--totals",
                            description =
                                    "How many there are, by what they were checked against and by"
                                            + " tier.")
                    boolean totals,
            @Mixin OutputOption.Short output) {
        String organization = session.organization(org);
        session.show(
                totals
                        ? Request.get("v1", "organizations", organization, "services", "totals")
                        : Request.get("v1", "organizations", organization, "services"),
                ListView::of,
                output);
    }

    @Command(
            name = "define",
            description = {
                "Define a service of your own, or the next version of one.",
                "",
                "It can be integrated at once. Tables there are follow: columns can be added, not"
                        + " dropped or changed."
            },
            footer = "  webhookdb services define acme-order.yaml")
    void define(
            @Mixin OrganizationOption org,
            @Parameters(arity = "0..1", paramLabel = "FILE", description = HINT) String file) {
        session.message(post(org, "define").with(definition(file)));
    }

    @Command(
            name = "check",
            description = {
                "Say everything that is wrong with a definition; nothing is stored.",
                "",
                "With fixtures, each request in the folder must become the rows it names: a file is"
                    + " {\"headers\": {...}, \"body\": ..., \"rows\": [{\"column\": value}]}, or a"
                    + " body alone."
            },
            footer = "  webhookdb services check acme-order.yaml --fixtures acme-order/")
    void check(
            @Mixin OrganizationOption org,
            @Parameters(arity = "0..1", paramLabel = "FILE", description = HINT) String file,
            @Option(
                            names = "--fixtures",
                            paramLabel = "FOLDER",
                            description = "Folder with requests and the rows they are to become.")
                    String fixtures) {
        session.message(
                post(org, "check")
                        .with(
                                definition(file)
                                        .textsIfGiven(
                                                "fixtures",
                                                fixtures == null
                                                        ? Map.of()
                                                        : GivenFile.texts(
                                                                "--fixtures", fixtures, ".json"))));
    }

    @Command(
            name = "try",
            description = "Show the row a definition makes of a request; nothing is stored.",
            footer = "  webhookdb services try acme-order.yaml --payload order.json")
    void tryOut(
            @Mixin OrganizationOption org,
            @Parameters(arity = "0..1", paramLabel = "FILE", description = HINT) String file,
            @Option(
                            names = {"-p", "--payload"},
                            paramLabel = "FILE",
                            description = "The body of the request.")
                    String payload,
            @Option(
                            names = "--header",
                            paramLabel = "HEADER",
                            description = "A header of the request, 'Name: value'; repeatable.")
                    List<String> headers,
            @Mixin ColourOption colour,
            @Mixin OutputOption.Short output) {
        Reply reply =
                session.ask(
                        post(org, "try")
                                .with(
                                        definition(file)
                                                .text(
                                                        "payload",
                                                        GivenFile.text(
                                                                "--payload",
                                                                payload,
                                                                "It is a file with the body."))
                                                .textsIfGiven("headers", parsed(headers))));
        session.printer()
                .show(
                        reply,
                        BlocksView::of,
                        output.format(),
                        colour.or(session.terminal().colour()));
    }

    @Command(
            name = "infer",
            description = "Draft a definition from samples of what will be posted.",
            footer =
                    "  webhookdb services infer order1.json order2.json --service acme_order_v1 >"
                            + " acme-order.yaml")
    void infer(
            @Mixin OrganizationOption org,
            @Parameters(
                            arity = "0..*",
                            paramLabel = "FILE",
                            description = "Files with one body each, as JSON.")
                    List<String> files,
            @Option(
                            names = {"-s", "--service"},
                            paramLabel = "SERVICE",
                            description = "Name the service is to have, like acme_order_v1.")
                    String service) {
        if (files == null || files.isEmpty()) {
            throw CliFailure.usage("FILE is missing. It is a file with a body, as JSON.");
        }
        Reply reply =
                session.ask(
                        post(org, "infer")
                                .with(
                                        Fields.none()
                                                .text("service", service)
                                                .texts("samples", texts(files))));
        session.printer().aside(reply.message());
        session.printer().result(reply.text("definition"));
    }

    @Command(name = "show", description = "Print the definition of a service of your own.")
    void show(
            @Mixin OrganizationOption org,
            @Parameters(arity = "0..1", paramLabel = "SERVICE", description = "Its name.")
                    String service) {
        session.printer()
                .result(
                        session.ask(
                                        Request.get(
                                                "v1",
                                                "organizations",
                                                session.organization(org),
                                                DEFINITIONS,
                                                required(service)))
                                .text("definition"));
    }

    @Command(name = "undefine", description = "End a service of your own that no integration uses.")
    void undefine(
            @Mixin OrganizationOption org,
            @Parameters(arity = "0..1", paramLabel = "SERVICE", description = "Its name.")
                    String service) {
        session.message(post(org, required(service), "delete").with(Fields.none()));
    }

    private static String required(String service) {
        return Given.required("SERVICE", service, "`webhookdb services list` shows what there is.");
    }

    private Request post(OrganizationOption org, String... rest) {
        String[] segments = new String[4 + rest.length];
        segments[0] = "v1";
        segments[1] = "organizations";
        segments[2] = session.organization(org);
        segments[3] = DEFINITIONS;
        System.arraycopy(rest, 0, segments, 4, rest.length);
        return Request.post(segments);
    }

    private static Fields definition(String file) {
        return Fields.none().text("definition", GivenFile.text("FILE", file, HINT));
    }

    private static List<String> texts(List<String> files) {
        return files.stream()
                .map(file -> GivenFile.text("FILE", file, "It is a file with a body, as JSON."))
                .toList();
    }

    private static Map<String, String> parsed(List<String> headers) {
        Map<String, String> parsed = new LinkedHashMap<>();
        for (String header : headers == null ? List.<String>of() : headers) {
            int colon = header.indexOf(':');
            if (colon < 1) {
                throw CliFailure.usage("\"" + header + "\" is no header; expected 'Name: value'.");
            }
            parsed.put(header.substring(0, colon).strip(), header.substring(colon + 1).strip());
        }
        return parsed;
    }
}

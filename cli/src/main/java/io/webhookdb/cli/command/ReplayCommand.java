package io.webhookdb.cli.command;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.webhookdb.cli.CliFailure;
import io.webhookdb.cli.api.Fields;
import io.webhookdb.cli.api.Reply;
import io.webhookdb.cli.api.Request;
import io.webhookdb.cli.output.ListView;
import io.webhookdb.cli.output.SingleView;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code replay}: processes received webhooks once more. */
@Command(
        footer = {
            "  webhookdb replay svi_4k2 --hours 2",
            "  webhookdb replay --after 2026-01-31T10:00:00Z --before 2026-01-31T12:00:00Z",
            "  webhookdb replay svi_4k2 --requests rejected --everything --follow"
        })
final class ReplayCommand implements Runnable {
    private static final Duration LOOK_EVERY = Duration.ofSeconds(1);
    private static final Set<String> ENDED = Set.of("finished", "failed", "cancelled");

    private final Session session;

    @Mixin OrganizationOption org;
    @Mixin IntegrationOption integration;

    @Option(
            names = {"-r", "--hours"},
            paramLabel = "HOURS",
            description = "How far back. Default: one hour.")
    Integer hours;

    @Option(
            names = {"-b", "--before"},
            paramLabel = "TIME",
            description = "Received before this time (ISO 8601). Default: now.")
    String before;

    @Option(
            names = {"-a", "--after"},
            paramLabel = "TIME",
            description = "Received after this time (ISO 8601).")
    String after;

    @Option(names = "--everything", description = "All that is kept, instead of a time.")
    boolean everything;

    @Option(
            names = "--requests",
            paramLabel = "WHICH",
            description =
                    "all, accepted or rejected. Rejected ones are verified again, with the secret"
                            + " as it is now. Default: all.")
    String requests;

    @Option(names = "--event", paramLabel = "ID", description = "Only the event of this id.")
    String event;

    @Option(names = "--follow", description = "Wait until it is done, showing how far it is.")
    boolean follow;

    ReplayCommand(Session session) {
        this.session = session;
    }

    @Override
    public void run() {
        String organization = session.organization(org);
        Fields fields =
                Fields.none()
                        .textIfGiven("service_integration_identifier", integration.optional())
                        .numberIfGiven("hours", hours)
                        .textIfGiven("before", before)
                        .textIfGiven("after", after)
                        .textIfGiven("requests", requests)
                        .textIfGiven("event_id", event);
        Reply ordered =
                session.ask(
                        Request.post("v1", "organizations", organization, "replay")
                                .with(everything ? fields.flag("everything", true) : fields));
        session.printer().message(ordered);
        if (follow) {
            follow(organization, ordered.text("id"));
        }
    }

    private void follow(String organization, String id) {
        String last = "";
        while (true) {
            Reply reply =
                    session.ask(Request.get("v1", "organizations", organization, "replays", id));
            ObjectNode replay = reply.object();
            String status = reply.text("status");
            String line =
                    status
                            + ": "
                            + replay.path("emitted").asText("0")
                            + " processed again, "
                            + replay.path("refused").asText("0")
                            + " refused again";
            if (!line.equals(last)) {
                session.printer().aside(line);
                last = line;
            }
            if (ENDED.contains(status)) {
                end(status, line, replay.path("failure").asText(""));
                return;
            }
            LockSupport.parkNanos(LOOK_EVERY.toNanos());
            if (Thread.currentThread().isInterrupted()) {
                return;
            }
        }
    }

    private void end(String status, String line, String failure) {
        if (!status.equals("finished")) {
            throw CliFailure.api("The replay is " + line + ". " + failure);
        }
        session.printer().result(line);
    }

    @Command(name = "list", description = "List replays, the newest first.")
    void list(@Mixin OrganizationOption of, @Mixin OutputOption.Short output) {
        session.show(
                Request.get("v1", "organizations", session.organization(of), "replays"),
                ListView::of,
                output);
    }

    @Command(name = "show", description = "Show how far one is.")
    void show(
            @Mixin OrganizationOption of,
            @Parameters(arity = "0..1", paramLabel = "ID", description = "Id (rpl_...).") String id,
            @Mixin OutputOption.Short output) {
        session.show(
                Request.get(
                        "v1", "organizations", session.organization(of), "replays", required(id)),
                SingleView::of,
                output);
    }

    @Command(name = "cancel", description = "Stop one. What was processed again stays.")
    void cancel(
            @Mixin OrganizationOption of,
            @Parameters(arity = "0..1", paramLabel = "ID", description = "Id (rpl_...).")
                    String id) {
        session.message(
                Request.post(
                                "v1",
                                "organizations",
                                session.organization(of),
                                "replays",
                                required(id),
                                "cancel")
                        .with(Fields.none()));
    }

    private static String required(String id) {
        return Given.required("ID", id, "`webhookdb replay list` shows what there is.");
    }
}

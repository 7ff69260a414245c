package io.webhookdb.cli.command;

import io.webhookdb.cli.CliFailure;
import io.webhookdb.cli.api.Request;
import io.webhookdb.cli.listening.Forwarder;
import io.webhookdb.cli.listening.ServerSentEvents;
import java.net.URI;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code listen}: a subscription that ends with the command. */
@Command(
        footer = {
            "  webhookdb listen --forward-to http://localhost:3000/hooks",
            "  webhookdb listen svi_4k2 --forward-to http://localhost:3000/hooks --secret whsec_..."
        })
final class ListenCommand implements Runnable {
    private static final Duration AGAIN = Duration.ofSeconds(2);

    private final Session session;

    @Mixin OrganizationOption org;
    @Mixin IntegrationOption integration;

    @Option(
            names = "--forward-to",
            paramLabel = "URL",
            description = "Where to POST each change to.")
    String forwardTo;

    @Option(
            names = "--secret",
            paramLabel = "SECRET",
            description = "Secret to sign with. Default: a new one, which is printed.")
    String secret;

    @Option(
            names = "--count",
            paramLabel = "NUMBER",
            description = "End after so many changes. Default: never.")
    Integer count;

    ListenCommand(Session session) {
        this.session = session;
    }

    @Override
    public void run() {
        Forwarder forwarder =
                new Forwarder(
                        target(),
                        secret == null ? Forwarder.newSecret() : secret,
                        session.printer()::result);
        if (secret == null) {
            session.printer().say("Signing with " + forwarder.secret());
        }
        ServerSentEvents events =
                new ServerSentEvents(forwarder::forward, () -> session.printer().say("Listening."));
        while (count == null || forwarder.forwarded() < count) {
            listen(events, forwarder);
        }
    }

    private void listen(ServerSentEvents events, Forwarder forwarder) {
        try {
            session.lines(
                    request(events.lastId()),
                    line -> {
                        events.line(line);
                        if (count != null && forwarder.forwarded() >= count) {
                            throw new Enough();
                        }
                    });
        } catch (Enough e) {
            return;
        } catch (CliFailure e) {
            // What was listened to once can be listened to again: the server restarts, maybe.
            if (events.lastId().isEmpty()) {
                throw e;
            }
            session.printer().say(e.getMessage() + " Trying again.");
        }
        LockSupport.parkNanos(AGAIN.toNanos());
    }

    private Request request(String after) {
        Request request =
                Request.get("v1", "organizations", session.organization(org), "changes");
        String only = integration.optional();
        request =
                only == null ? request : request.query("service_integration_identifier", only);
        return after.isEmpty() ? request : request.query("after", after);
    }

    private URI target() {
        String url =
                Given.required(
                        "--forward-to", forwardTo, "It takes a URL, http://localhost:3000/hooks.");
        URI uri = URI.create(url);
        if (uri.getHost() == null
                || uri.getScheme() == null
                || !(uri.getScheme().equals("http") || uri.getScheme().equals("https"))) {
            throw CliFailure.usage(
                    "--forward-to is \"" + url + "\"; expected a URL, http:// or https://");
        }
        return uri;
    }

    /** Ends a stream from within. */
    private static final class Enough extends RuntimeException {
        private static final long serialVersionUID = 1L;

        private Enough() {
            super(null, null, false, false);
        }
    }
}

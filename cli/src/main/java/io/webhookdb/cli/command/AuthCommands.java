package io.webhookdb.cli.command;

import com.fasterxml.jackson.databind.JsonNode;
import io.webhookdb.cli.CliFailure;
import io.webhookdb.cli.api.Fields;
import io.webhookdb.cli.api.Request;
import io.webhookdb.cli.conversation.Conversation.Ending;
import io.webhookdb.cli.conversation.Step;
import io.webhookdb.cli.output.SingleView;
import io.webhookdb.cli.prefs.ActiveOrganization;
import io.webhookdb.cli.prefs.Login;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code auth}: who is logged in. */
@Command
final class AuthCommands {
    private final Session session;

    AuthCommands(Session session) {
        this.session = session;
    }

    @Command(
            name = "login",
            aliases = {"signup", "signin", "register"},
            description = {
                "Log in, or sign up.",
                "",
                "Asks for your email address, sends a code there, and asks for the code. The login"
                        + " is kept in ~/.webhookdb/config."
            },
            footer = {
                "  webhookdb auth login",
                "  webhookdb auth login ada@example.com",
                "  webhookdb auth login ada@example.com --token 123456"
            })
    void login(
            @Parameters(arity = "0..1", paramLabel = "EMAIL", description = "Your email address.")
                    String argument,
            @Option(
                            names = {"-u", "--username", "--email"},
                            paramLabel = "EMAIL",
                            description = "The same as a flag.")
                    String flag,
            @Option(
                            names = {"-t", "--token"},
                            paramLabel = "CODE",
                            description = "The code, if you already have it.")
                    String code) {
        Ending ending =
                session.onboarding(
                        Request.post("v1", "auth")
                                .anonymous() // a token that still works would refuse the new login
                                .with(
                                        Fields.none()
                                                .text("email", Given.once("EMAIL", argument, flag))
                                                .text("token", code)));
        Step step = ending.step();
        if (step.errorCode().isEmpty()) {
            session.store(login(ending));
        }
        if (!step.message().equals(step.output())) {
            session.printer().say(step.message());
        }
        session.end(ending);
    }

    private static Login login(Ending ending) {
        JsonNode customer = ending.step().extras().path("current_customer");
        JsonNode organization = customer.path("default_organization");
        if (!customer.path("email").isTextual()) {
            throw ending.reply().unusable("`extras.current_customer.email` (text)");
        }
        if (ending.reply().token().isEmpty()) {
            throw CliFailure.api(
                    "The login succeeded, but the answer has no Whdb-Auth-Token header, so nothing"
                            + " was stored. A proxy in between may have removed it.");
        }
        return new Login(
                ending.reply().token(),
                customer.path("email").textValue(),
                organization.isNull() || organization.isMissingNode()
                        ? Optional.empty()
                        : Optional.of(
                                ActiveOrganization.required(organization, ending.reply().route())));
    }

    @Command(
            name = "logout",
            description = "End the session and forget the login.",
            footer = "  webhookdb auth logout")
    void logout(
            @Option(
                            names = {"-r", "--remove"},
                            description =
                                    "Delete ~/.webhookdb/config, with the logins at all APIs.")
                    boolean remove) {
        session.message(Request.post("v1", "auth", "logout"));
        if (remove) {
            session.prefs().delete();
        } else {
            session.prefs().forget(session.settings().namespace());
        }
    }

    @Command(
            name = "whoami",
            description = "Show who is logged in.",
            footer = {"  webhookdb auth whoami", "  webhookdb auth whoami -f json | jq -r .email"})
    void whoami(@Mixin OutputOption.Short output) {
        session.show(Request.get("v1", "me"), SingleView::of, output);
    }
}

package io.webhookdb.cli.command;

import io.webhookdb.cli.Build;
import io.webhookdb.cli.api.Request;
import io.webhookdb.cli.prefs.ActiveOrganization;
import io.webhookdb.cli.prefs.Login;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code debug}: for finding out what is wrong. */
@Command
final class DebugCommands {
    private final Session session;

    DebugCommands(Session session) {
        this.session = session;
    }

    @Command(name = "statusz", description = "Print what the server says about itself.")
    void status() {
        session.printer().result(session.ask(Request.get("statusz").anonymous()).text());
    }

    @Command(name = "config", description = "Print what this client works with.")
    void config() {
        session.printer()
                .result(
                        """
                        version    %s
                        api        %s
                        namespace  %s
                        prefs      %s
                        """
                                .formatted(
                                        Build.current().version(),
                                        session.settings().api(),
                                        session.settings().namespace(),
                                        session.prefs().file()));
    }

    @Command(name = "readprefs", description = "Print what is remembered; the token is masked.")
    void readPrefs() {
        Login login = session.login();
        session.printer()
                .result(
                        """
                        email         %s
                        token         %s
                        organization  %s
                        """
                                .formatted(
                                        login.email().isEmpty() ? "-" : login.email(),
                                        login.token()
                                                .map(
                                                        t ->
                                                                "*** (%d characters)"
                                                                        .formatted(t.length()))
                                                .orElse("-"),
                                        login.organization()
                                                .map(ActiveOrganization::display)
                                                .orElse("-")));
    }

    @Command(name = "setauth", description = "Remember a token without logging in.")
    void setAuth(@Parameters(paramLabel = "TOKEN", description = "The token.") String token) {
        Login login = session.login();
        session.store(new Login(Optional.of(token), login.email(), login.organization()));
    }
}

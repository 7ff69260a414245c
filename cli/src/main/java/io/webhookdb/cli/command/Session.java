package io.webhookdb.cli.command;

import io.webhookdb.cli.Build;
import io.webhookdb.cli.CliFailure;
import io.webhookdb.cli.Settings;
import io.webhookdb.cli.api.ApiClient;
import io.webhookdb.cli.api.Reply;
import io.webhookdb.cli.api.Request;
import io.webhookdb.cli.conversation.Conversation;
import io.webhookdb.cli.conversation.Conversation.Ending;
import io.webhookdb.cli.output.Printable;
import io.webhookdb.cli.output.Printer;
import io.webhookdb.cli.output.View;
import io.webhookdb.cli.prefs.ActiveOrganization;
import io.webhookdb.cli.prefs.Login;
import io.webhookdb.cli.prefs.PrefsFile;
import io.webhookdb.cli.terminal.Terminal;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * One run: what every command works with. Nothing is opened before it is needed, so that help,
 * completion and wrong words cost no file and no connection.
 */
final class Session {
    /** Stands for "no organization" in the API's paths; the server says what to do. */
    private static final String NO_ORGANIZATION = "0";

    /** Stands for the organization of an API token. */
    private static final String TOKENS_ORGANIZATION = "-";

    private static final String API_TOKEN = "WEBHOOKDB_API_TOKEN";

    private final Map<String, String> environment;
    private final Terminal terminal;
    private final RootOptions root;
    private Settings settings;
    private Login login;
    private Conversation conversation;

    Session(Map<String, String> environment, Terminal terminal, RootOptions root) {
        this.environment = environment;
        this.terminal = terminal;
        this.root = root;
    }

    Terminal terminal() {
        return terminal;
    }

    Map<String, String> environment() {
        return environment;
    }

    Settings settings() {
        if (settings == null) {
            settings = Settings.from(environment);
        }
        return settings;
    }

    PrefsFile prefs() {
        return new PrefsFile(settings().home());
    }

    Login login() {
        if (login == null) {
            login = prefs().read(settings().namespace());
        }
        return login;
    }

    void store(Login changed) {
        prefs().write(settings().namespace(), changed);
        login = changed;
    }

    Printer printer() {
        return new Printer(terminal, root.quiet ? Printer.Messages.HIDDEN : Printer.Messages.SHOWN);
    }

    /**
     * What stands for the organization in a path: as given, else that of the API token, else the
     * active one's number.
     */
    String organization(OrganizationOption option) {
        if (option.organization != null) {
            return Given.required(
                    "ORG", option.organization, "--org is blank; `webhookdb org list` shows them.");
        }
        if (apiToken().isPresent()) {
            return TOKENS_ORGANIZATION;
        }
        return login().organization().map(o -> Long.toString(o.id())).orElse(NO_ORGANIZATION);
    }

    /** Makes an organization the active one and says so. */
    void activate(ActiveOrganization organization) {
        store(login().activating(organization));
        printer().say("Organization " + organization.display() + " is now active.");
    }

    /** Sends and answers what is asked until the request is done. */
    Reply ask(Request request) {
        return conversation().result(request);
    }

    /** Sends a request and hands over the lines of its answer as they come. */
    void lines(Request request, Consumer<String> taker) {
        conversation().lines(request, taker);
    }

    /** Sends a request whose answer is a message. */
    void message(Request request) {
        printer().message(ask(request));
    }

    /** Sends a request and shows its answer. */
    void show(Request request, Function<Reply, View> reader, OutputOption output) {
        printer().show(ask(request), reader, output.format(), terminal.colour());
    }

    /** Sends a request that starts an onboarding and goes through it. */
    void onboard(Request request) {
        end(onboarding(request));
    }

    /** Goes through an onboarding without telling its end. */
    Ending onboarding(Request request) {
        return conversation().onboarding(request);
    }

    /**
     * Tells how an onboarding ended.
     *
     * @throws CliFailure if without success
     */
    void end(Ending ending) {
        String output = ending.step().output();
        if (ending.step().errorCode().isEmpty()) {
            printer().result(Printable.text(output));
            return;
        }
        throw CliFailure.api(
                (output.isBlank() ? "This could not be completed." : output.stripTrailing())
                        + " ("
                        + ending.step().errorCode()
                        + ")");
    }

    private Conversation conversation() {
        if (conversation == null) {
            boolean debug = root.debug || settings().verbosity() == Settings.Verbosity.DEBUG;
            Consumer<String> trace = debug ? terminal.err()::println : line -> {};
            conversation =
                    new Conversation(
                            new ApiClient(settings().api(), agent(), this::token, trace), terminal);
        }
        return conversation;
    }

    /** What is sent as proof: the environment's token, else the login's. */
    private Optional<String> token() {
        return apiToken().or(() -> login().token());
    }

    private Optional<String> apiToken() {
        return Optional.of(environment.getOrDefault(API_TOKEN, "").strip())
                .filter(token -> !token.isEmpty());
    }

    private static String agent() {
        return "webhookdb-cli/"
                + Build.current().version()
                + " (java "
                + Runtime.version().feature()
                + "; "
                + System.getProperty("os.name")
                + " "
                + System.getProperty("os.arch")
                + ")";
    }
}

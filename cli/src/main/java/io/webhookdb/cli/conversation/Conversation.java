package io.webhookdb.cli.conversation;

import com.fasterxml.jackson.databind.JsonNode;
import io.webhookdb.cli.CliFailure;
import io.webhookdb.cli.api.ApiClient;
import io.webhookdb.cli.api.Refusal;
import io.webhookdb.cli.api.Reply;
import io.webhookdb.cli.api.Request;
import io.webhookdb.cli.output.Printable;
import io.webhookdb.cli.terminal.Terminal;
import java.io.PrintStream;
import java.util.function.Consumer;

/**
 * Sends a request and answers what the server asks until it is done.
 *
 * <pre>
 *   request ──▶ refusal with a step (422) ──ask──▶ answer ──▶ …   the request lacks a parameter
 *           ──▶ step that asks (200)      ──ask──▶ answer ──▶ …   an onboarding goes on
 *           ──▶ refusal of the answer (validation_error) ──ask the same again──▶ …
 *           ──▶ any other refusal: raised
 *           ──▶ anything else: the result
 * </pre>
 */
public final class Conversation {
    private final ApiClient api;
    private final Terminal terminal;

    public Conversation(ApiClient api, Terminal terminal) {
        this.api = api;
        this.terminal = terminal;
    }

    /**
     * The answer to a request, once nothing is missing any more. What leads to a question is
     * printed beside the result.
     *
     * @throws CliFailure if the API refuses
     */
    public Reply result(Request request) {
        Answers answers = new Answers(terminal);
        Reply reply = api.send(request);
        while (!reply.succeeded()) {
            reply = answer(request, question(reply), answers, terminal.err());
        }
        return reply;
    }

    /** The lines of an answer, as they come. */
    public void lines(Request request, Consumer<String> taker) {
        api.lines(request, taker);
    }

    /**
     * The last step of an onboarding, successful or not. Everything the server tells on the way is
     * the result and is printed as such, but the last step's output is not printed yet.
     *
     * @throws CliFailure if the API refuses
     */
    public Ending onboarding(Request request) {
        Answers answers = new Answers(terminal);
        Reply reply = api.send(request);
        while (true) {
            Step step = reply.succeeded() ? Step.read(reply.object()) : question(reply);
            switch (step.state()) {
                case ASKING -> reply = answer(request, step, answers, terminal.out());
                case COMPLETE -> {
                    return new Ending(reply, step);
                }
                case NEITHER -> throw reply.unusable("a step that asks or is complete");
            }
        }
    }

    private static Step question(Reply refusal) {
        JsonNode step = refusal.error().path("state_machine_step");
        if (!step.isObject()) {
            throw Refusal.of(refusal);
        }
        return Step.read(step);
    }

    /** Asks until the server takes the answer, or refuses for another reason. */
    private Reply answer(Request request, Step step, Answers answers, PrintStream told) {
        while (true) {
            if (!step.output().isEmpty()) {
                told.println(Printable.text(step.output()));
            }
            Reply reply =
                    api.send(request.answering(step.postTo(), step.answered(answers.to(step))));
            if (!wrong(reply, step)) {
                return reply;
            }
            terminal.err().println(Printable.text(reply.error().path("message").asText("")));
        }
    }

    private static boolean wrong(Reply reply, Step step) {
        JsonNode error = reply.error();
        return "validation_error".equals(error.path("code").asText())
                && error.path("field_errors").has(step.key());
    }

    /**
     * How an onboarding ended.
     *
     * @param reply the last answer, with a token after a login
     * @param step the last step
     */
    public record Ending(Reply reply, Step step) {}
}

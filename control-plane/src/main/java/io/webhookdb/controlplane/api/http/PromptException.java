package io.webhookdb.controlplane.api.http;

/** A parameter is missing or has to be confirmed: becomes 422 with a step that asks for it. */
public final class PromptException extends RuntimeException {
    private final String parameter;
    private final transient Question question;
    private final String output;

    /**
     * Asks for a parameter.
     *
     * @param parameter its name in the body
     * @param output shown before the question; may be empty
     */
    public PromptException(String parameter, Question question, String output) {
        super("A parameter is needed: " + parameter, null, false, false);
        this.parameter = parameter;
        this.question = question;
        this.output = output;
    }

    /** Name of the parameter. */
    public String parameter() {
        return parameter;
    }

    /** The step that asks, for this request. */
    Step step(Request request) {
        return Step.ask(question, request.canonicalPath(), request.received(), parameter, output);
    }
}

package io.webhookdb.controlplane.api.http;

import java.util.Map;

/**
 * One turn of a conversation between server and terminal: a question, or the end. All fields are
 * always sent.
 *
 * @param message banner
 * @param needsInput whether {@code prompt} is to be asked
 * @param prompt the question
 * @param promptIsSecret whether the terminal hides what is typed
 * @param postToUrl path the answer goes to, without percent signs
 * @param postParams body of the answer, before the answer is put in
 * @param postParamsValueKey key under which the answer is put in
 * @param complete whether the conversation ended
 * @param output shown before the question, or at the end
 * @param errorCode not empty: ended, or asked again, without success
 * @param extras further objects by name
 */
public record Step(
        String message,
        boolean needsInput,
        String prompt,
        boolean promptIsSecret,
        String postToUrl,
        Map<String, Object> postParams,
        String postParamsValueKey,
        boolean complete,
        String output,
        String errorCode,
        Map<String, Object> extras) {

    private static final String VALUE = "value";

    /** The end, with a text. */
    public static Step complete(String output) {
        return new Step("", false, "", false, "", Map.of(), VALUE, true, output, "", Map.of());
    }

    /** A question whose answer goes to a path under the key {@code value}. */
    public static Step ask(Question question, String postToUrl, String output) {
        return ask(question, postToUrl, Map.of(), VALUE, output);
    }

    /** A question whose answer joins other parameters. */
    public static Step ask(
            Question question,
            String postToUrl,
            Map<String, Object> postParams,
            String valueKey,
            String output) {
        return new Step(
                "",
                true,
                question.text(),
                question instanceof Question.Hidden,
                postToUrl,
                postParams,
                valueKey,
                false,
                output,
                "",
                Map.of());
    }

    /** The same step with another output. */
    public Step withOutput(String text) {
        return new Step(
                message,
                needsInput,
                prompt,
                promptIsSecret,
                postToUrl,
                postParams,
                postParamsValueKey,
                complete,
                text,
                errorCode,
                extras);
    }

    /** The same step, marked as unsuccessful. */
    public Step withErrorCode(String code) {
        return new Step(
                message,
                needsInput,
                prompt,
                promptIsSecret,
                postToUrl,
                postParams,
                postParamsValueKey,
                complete,
                output,
                code,
                extras);
    }

    /** The same step with a banner. */
    public Step withMessage(String text) {
        return new Step(
                text,
                needsInput,
                prompt,
                promptIsSecret,
                postToUrl,
                postParams,
                postParamsValueKey,
                complete,
                output,
                errorCode,
                extras);
    }

    /** The same step with one more object beside it. */
    public Step withExtra(String name, Object value) {
        return new Step(
                message,
                needsInput,
                prompt,
                promptIsSecret,
                postToUrl,
                postParams,
                postParamsValueKey,
                complete,
                output,
                errorCode,
                Map.of(name, value));
    }
}

package io.webhookdb.controlplane.api.http;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.javalin.http.HttpResponseException;
import io.webhookdb.controlplane.environment.DatabaseAway;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Every answer that is no success: an object {@code error} with message, status and code. */
public final class ErrorEnvelopes {
    private static final Logger LOG = LoggerFactory.getLogger(ErrorEnvelopes.class);

    /** About what a Postgres takes to start again. */
    private static final String AWAY_SECONDS = "5";

    /** Header that names the parameter a 422 asks for. */
    static final String PROMPT_HEADER = "Whdb-Prompt";

    Answer of(ApiException e) {
        List<String> errors =
                e.fieldErrors().entrySet().stream()
                        .flatMap(
                                field ->
                                        field.getValue().stream()
                                                .map(problem -> field.getKey() + " " + problem))
                        .toList();
        return answer(
                e.status(),
                new Details(
                        e.getMessage(),
                        e.status(),
                        e.code(),
                        errors.isEmpty() ? null : errors,
                        errors.isEmpty() ? null : e.fieldErrors(),
                        null,
                        null,
                        null));
    }

    Answer of(PromptException e, Request request) {
        Details details =
                new Details(
                        e.getMessage(),
                        422,
                        "prompt_required_params",
                        null,
                        null,
                        e.step(request),
                        null,
                        null);
        return new Answer(422, Map.of(PROMPT_HEADER, e.parameter()), new Envelope(details));
    }

    Answer of(HttpResponseException e) {
        return of(ApiException.of(e.getStatus(), codeOf(e.getStatus()), sentenceOf(e)));
    }

    Answer notFound(String path) {
        return of(ApiException.of(404, "not_found", "There is nothing at " + path + "."));
    }

    /** An error of ours. The id leads from the terminal to the log. */
    Answer of(Exception e) {
        String id = UUID.randomUUID().toString();
        if (DatabaseAway.isCauseOf(e)) {
            LOG.error("Request failed with error id {}: {}", id, e.toString());
            return new Answer(
                    503,
                    Map.of("Retry-After", AWAY_SECONDS),
                    new Envelope(
                            failed(
                                    e,
                                    503,
                                    id,
                                    "A database of the server does not answer at the moment. Try"
                                            + " again in a few seconds.")));
        }
        LOG.error("Request failed with error id {}", id, e);
        return answer(500, failed(e, 500, id, "Something went wrong on the server."));
    }

    private static Details failed(Exception e, int status, String id, String sentence) {
        return new Details(
                sentence + " Error id: " + id + ".",
                status,
                "api_error",
                null,
                null,
                null,
                id,
                signature(e));
    }

    private static Answer answer(int status, Details details) {
        return Answer.of(status, new Envelope(details));
    }

    private static String codeOf(int status) {
        return switch (status) {
            case 401 -> "unauthenticated";
            case 403 -> "forbidden";
            case 404 -> "not_found";
            default -> status >= 500 ? "api_error" : "invalid_input";
        };
    }

    private static String sentenceOf(HttpResponseException e) {
        return switch (e.getStatus()) {
            case 404 -> "There is nothing at this address.";
            case 405 -> "This address does not take this method.";
            default -> "The request was refused with status " + e.getStatus() + ".";
        };
    }

    private static String signature(Exception e) {
        try {
            byte[] digest =
                    MessageDigest.getInstance("SHA-256")
                            .digest(e.toString().getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(digest, 0, 16);
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    /** The body. */
    record Envelope(Details error) {}

    /** What went wrong. Absent members are left out. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record Details(
            String message,
            int status,
            String code,
            List<String> errors,
            Map<String, List<String>> fieldErrors,
            Step stateMachineStep,
            String errorId,
            String errorSignature) {}
}

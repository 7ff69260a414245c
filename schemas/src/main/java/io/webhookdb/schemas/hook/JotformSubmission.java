package io.webhookdb.schemas.hook;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.webhookdb.schemas.event.Event;
import java.io.IOException;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A form of texts, of which two are JSON. What people answered is in {@code rawRequest} under
 * {@code q<number>_<name>}; {@code questions} has it under the names alone. An uploaded file is
 * named in {@code temp_upload} and found under its plain name.
 */
public final class JotformSubmission implements RequestHook {
    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final Pattern QUESTION = Pattern.compile("q\\d+_(.+)");
    private static final Set<String> WRITTEN_AS_JSON =
            Set.of("rawRequest", "validatedNewRequiredFieldIDs");

    @Override
    public String name() {
        return "jotform-submission";
    }

    @Override
    public byte[] json(Event event) throws IOException {
        ObjectNode submission = JSON.createObjectNode();
        FormFields.of(event.contentType(), event.body())
                .forEach(
                        (name, value) ->
                                submission.set(
                                        name,
                                        WRITTEN_AS_JSON.contains(name)
                                                ? parsed(value)
                                                : submission.textNode(value)));
        submission.set("questions", questions(submission.path("rawRequest")));
        return JSON.writeValueAsBytes(submission);
    }

    private static ObjectNode questions(JsonNode raw) {
        ObjectNode questions = JSON.createObjectNode();
        raw.properties()
                .forEach(
                        member -> {
                            Matcher question = QUESTION.matcher(member.getKey());
                            if (question.matches()) {
                                questions.set(question.group(1), member.getValue());
                            }
                        });
        raw.path("temp_upload")
                .properties()
                .forEach(
                        member -> {
                            Matcher question = QUESTION.matcher(member.getKey());
                            if (question.matches() && raw.has(question.group(1))) {
                                questions.set(question.group(1), raw.get(question.group(1)));
                            }
                        });
        return questions;
    }

    /** JSON, or the text itself where it is none. */
    private static JsonNode parsed(String text) {
        try {
            return JSON.readTree(text);
        } catch (JacksonException e) {
            return JSON.getNodeFactory().textNode(text);
        }
    }
}

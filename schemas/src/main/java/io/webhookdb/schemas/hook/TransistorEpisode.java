package io.webhookdb.schemas.hook;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.webhookdb.schemas.event.Event;
import java.io.IOException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Episodes have a summary and a description; since Transistor gave the summary up (format 2) the
 * first line of the description is what it was. Both formats get the same two members.
 */
public final class TransistorEpisode implements RequestHook {
    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final Pattern BLOCK =
            Pattern.compile("<(?:div|p)(?:\\s[^>]*)?>", Pattern.CASE_INSENSITIVE);
    private static final Pattern END_OF_LINE =
            Pattern.compile("<(br|div|p|/div|/p)(?:\\s[^>]*)?/?>", Pattern.CASE_INSENSITIVE);
    private static final Pattern TAG = Pattern.compile("<[^>]*>|&nbsp;|\\s");

    @Override
    public String name() {
        return "transistor-episode";
    }

    @Override
    public byte[] json(Event event) throws IOException {
        JsonNode whole = JSON.readTree(event.body());
        // One episode alone comes as listed ones do not: inside /data.
        JsonNode body = whole.path("data").isObject() ? whole.get("data") : whole;
        JsonNode attributes = body.path("attributes");
        if (body instanceof ObjectNode episode && attributes.isObject()) {
            if (attributes.hasNonNull("summary")) {
                episode.put("api_format", 1);
                episode.set("logical_summary", attributes.get("summary"));
                episode.set("logical_description", attributes.get("description"));
            } else {
                episode.put("api_format", 2);
                split(attributes.path("description").asText(""), episode);
            }
        }
        return JSON.writeValueAsBytes(body);
    }

    /** The first line of the first block; what follows it, if that has any text. */
    private static void split(String html, ObjectNode episode) {
        Matcher block = BLOCK.matcher(html);
        if (!block.find()) {
            episode.put("logical_summary", html.isBlank() ? null : html.strip());
            episode.putNull("logical_description");
            return;
        }
        Matcher end = END_OF_LINE.matcher(html);
        boolean ends = end.find(block.end());
        int from = block.end();
        int to = ends ? end.start() : html.length();
        episode.put("logical_summary", html.substring(from, to).strip());
        String rest = "";
        if (ends) {
            // The block goes on after a line break; it is over after its own end.
            boolean goesOn = end.group(1).equalsIgnoreCase("br");
            boolean nested = !goesOn && !end.group(1).startsWith("/");
            rest =
                    (goesOn || nested ? block.group() : "")
                            + html.substring(nested ? end.start() : end.end());
        }
        String before = html.substring(0, block.start());
        String whole = (before + rest).strip();
        episode.put(
                "logical_description", TAG.matcher(whole).replaceAll("").isEmpty() ? null : whole);
    }
}

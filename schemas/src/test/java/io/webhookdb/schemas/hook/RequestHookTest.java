package io.webhookdb.schemas.hook;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.webhookdb.schemas.event.Event;
import io.webhookdb.schemas.event.EventIds;
import io.webhookdb.schemas.event.Origin;
import java.io.IOException;
import java.util.Map;
import org.junit.jupiter.api.Test;

class RequestHookTest {
    private static final JsonMapper JSON = JsonMapper.builder().build();

    private static JsonNode read(String hook, String body) throws IOException {
        Event event =
                new Event(
                        new EventIds().next(),
                        "svi_1",
                        1,
                        1_700_000_000_000_000L,
                        Origin.WEBHOOK,
                        "POST",
                        "/",
                        "",
                        "application/json",
                        Map.of(),
                        "verified",
                        body.getBytes(UTF_8));
        return JSON.readTree(RequestHooks.of(hook).json(event));
    }

    private static String episode(String description) throws IOException {
        JsonNode episode =
                read(
                        "transistor-episode",
                        JSON.writeValueAsString(
                                Map.of("attributes", Map.of("description", description))));
        assertThat(episode.get("api_format").asInt()).isEqualTo(2);
        return episode.get("logical_summary").asText()
                + " | "
                + episode.get("logical_description").asText();
    }

    @Test
    void takesTheFirstLineOfAnEpisodesDescriptionForItsSummary() throws IOException {
        assertThat(episode("<div>First <b>line</b><br>Second</div>"))
                .isEqualTo("First <b>line</b> | <div>Second</div>");
        assertThat(episode("<p>First</p><p>Second</p>")).isEqualTo("First | <p>Second</p>");
        assertThat(episode("<div>Only</div>")).isEqualTo("Only | null");
        assertThat(episode("<div>Only<br></div>")).isEqualTo("Only | null");
        assertThat(episode("no markup")).isEqualTo("no markup | null");
        assertThat(episode("")).isEqualTo("null | null");
    }

    @Test
    void leavesTheSummaryOfOlderEpisodesAsItIs() throws IOException {
        JsonNode episode =
                read(
                        "transistor-episode",
                        "{\"attributes\":{\"summary\":\"S\",\"description\":\"<p>D</p>\"}}");

        assertThat(episode.get("api_format").asInt()).isEqualTo(1);
        assertThat(episode.get("logical_summary").asText()).isEqualTo("S");
        assertThat(episode.get("logical_description").asText()).isEqualTo("<p>D</p>");
    }

    @Test
    void makesARowOfEachRecipientOfAChannelsMessage() throws IOException {
        JsonNode rows =
                read(
                        "front-channel-messages",
                        """
                        {"type":"message","payload":{"id":"msg_1","text":"Hi","recipients":[
                          {"handle":"(302) 555-0123","role":"to"},
                          {"handle":"+44 20 7946 0018","role":"to"},
                          {"handle":"+15035550100","role":"from"}]}}
                        """);

        assertThat(rows)
                .extracting(row -> row.get("external_id").asText())
                .containsExactly("msg_1-+13025550123", "msg_1-+442079460018");
    }

    @Test
    void namesAnAutomaticReplyByTheMessageItAnswers() throws IOException {
        JsonNode rows =
                read(
                        "front-channel-messages",
                        """
                        {"type":"message_autoreply","payload":{"text":"Out","recipients":[
                          {"handle":"+13025550123","role":"to"}],"_links":{"related":{
                          "message_replied_to":"https://api2.frontapp.com/messages/msg_9"}}}}
                        """);

        assertThat(rows.get(0).get("front_message_id").asText()).isEqualTo("msg_9_autoreply");
        assertThat(read("front-channel-messages", "{\"type\":\"authorization\"}")).isEmpty();
    }
}

package io.webhookdb.ingest;

import static io.webhookdb.ingest.TestingControl.OWNERS;
import static io.webhookdb.ingest.TestingControl.STRIPE;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.webhookdb.schemas.catalog.Owners;
import io.webhookdb.security.keyset.KeysetFolder;
import io.webhookdb.security.keyset.SecretUnreadableException;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SealingTest {
    private static final ObjectMapper JSON = new ObjectMapper();

    @TempDir Path folder;
    private KeysetFolder keysets;
    private Sealing sealing;

    @BeforeEach
    void generate() {
        keysets = KeysetFolder.openOrGenerate(folder);
        sealing = Sealing.of("svi_1", OWNERS, null, Optional.of(keysets.connectionsSealer()));
    }

    @Test
    void leavesNothingInClearAndOnlyTheOwnersIntegrationCanBeOpened() throws Exception {
        String body =
                "{\"type\":\"LINKED\",\"external_owner_id\":\"u\",\"refresh_token\":\"1//tok\","
                        + "\"amount\":1.10,\"more\":[{\"refresh_token\":\"1//tok\"},"
                        + "{\"refresh_token\":null}]}";
        String kept = new String(sealing.body(body.getBytes(UTF_8)).orElseThrow(), UTF_8);

        assertThat(kept).doesNotContain("1//tok").doesNotContain("\"refresh_token\"");
        JsonNode root = JSON.readTree(kept);
        assertThat(root.get("type").asText()).isEqualTo("LINKED");
        assertThat(kept).contains("1.10");
        String sealed = root.get("encrypted_refresh_token").asText();
        String context = Owners.context("svi_1", "refresh_token");
        assertThat(keysets.connectionsOpener().open(sealed, context)).isEqualTo("1//tok");
        assertThat(
                        keysets.connectionsOpener()
                                .open(root.at("/more/0/encrypted_refresh_token").asText(), context))
                .isEqualTo("1//tok");
        assertThat(root.at("/more/1").isEmpty()).isTrue();
        assertThatThrownBy(
                        () ->
                                keysets.connectionsOpener()
                                        .open(sealed, Owners.context("svi_2", "refresh_token")))
                .isInstanceOf(SecretUnreadableException.class);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                " ",
                "refresh_token=1//tok",
                "\"1//tok\"",
                "{\"refresh_token\":\"1//tok\"",
                "{} {\"refresh_token\":\"1//tok\"}"
            })
    void keepsNothingOfABodyThatCannotBeRead(String body) {
        assertThat(sealing.body(body.getBytes(UTF_8))).isEmpty();
    }

    @Test
    void touchesNoBodyOfAServiceWithoutOwners() {
        byte[] body = "no JSON".getBytes(UTF_8);
        assertThat(Sealing.of("svi_1", STRIPE, null, Optional.empty()).body(body).orElseThrow())
                .isSameAs(body);
    }

    @Test
    void servesNoOwnersWithoutAKey() {
        assertThatThrownBy(() -> Sealing.of("svi_1", OWNERS, null, Optional.empty()))
                .hasMessageContaining("google_calendar_list_v1")
                .hasMessageContaining("connections.public.json");
    }
}

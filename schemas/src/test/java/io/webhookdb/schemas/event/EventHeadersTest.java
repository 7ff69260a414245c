package io.webhookdb.schemas.event;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class EventHeadersTest {
    private static final byte[] BODY = {1, 2, 3};

    @Test
    void readsWhatItWrote() {
        Event event = event();
        EventHeaders.Reader reader = new EventHeaders.Reader();
        EventHeaders.write(event, reader::header);

        assertThat(reader.event(BODY)).isEqualTo(event);
    }

    @Test
    void ignoresHeadersOfNewerWriters() {
        EventHeaders.Reader reader = new EventHeaders.Reader();
        EventHeaders.write(event(), reader::header);
        reader.header("traceparent", "00".getBytes(StandardCharsets.UTF_8)).header("null", null);

        assertThat(reader.event(BODY)).isEqualTo(event());
    }

    @Test
    void namesTheHeaderThatIsMissingOrMalformed() {
        Map<String, byte[]> written = new LinkedHashMap<>();
        EventHeaders.write(event(), written::put);

        assertThatThrownBy(() -> read(written, "origin", null)).hasMessageContaining("\"origin\"");
        assertThatThrownBy(() -> read(written, "received", "soon"))
                .hasMessageContaining("\"received\"")
                .hasMessageContaining("soon");
        assertThatThrownBy(() -> read(written, "origin", "pigeon"))
                .hasMessageContaining("pigeon")
                .hasMessageContaining("webhook, backfill, replay");
    }

    @Test
    void numbersEventsInOrder() {
        EventIds ids = new EventIds();
        UUID last = ids.next();
        for (int i = 0; i < 100_000; i++) {
            UUID next = ids.next();
            assertThat(
                            Long.compareUnsigned(
                                    next.getMostSignificantBits(), last.getMostSignificantBits()))
                    .isGreaterThanOrEqualTo(0);
            assertThat(next.toString()).isGreaterThan(last.toString());
            last = next;
        }
        assertThat(last.version()).isEqualTo(7);
    }

    private static Event read(Map<String, byte[]> written, String name, String replacement) {
        EventHeaders.Reader reader = new EventHeaders.Reader();
        written.forEach(
                (header, value) -> {
                    if (!header.equals(name)) {
                        reader.header(header, value);
                    } else if (replacement != null) {
                        reader.header(header, replacement.getBytes(StandardCharsets.UTF_8));
                    }
                });
        return reader.event(BODY);
    }

    private static Event event() {
        return new Event(
                UUID.fromString("01890a5d-ac96-774b-bcce-b302099a8057"),
                "svi_abc",
                3,
                1_700_000_000_000_001L,
                Origin.WEBHOOK,
                "POST",
                "/v1/service_integrations/svi_abc/x",
                "a=b",
                "application/json",
                Map.of("x-github-event", "issues", "x-note", "größer"),
                "verified",
                BODY);
    }
}

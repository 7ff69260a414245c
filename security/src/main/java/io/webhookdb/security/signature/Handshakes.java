package io.webhookdb.security.signature;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.webhookdb.schemas.catalog.Handshake;
import io.webhookdb.schemas.catalog.Handshake.Member;
import io.webhookdb.schemas.catalog.Handshake.Spot;
import io.webhookdb.schemas.catalog.Handshake.Treatment;
import io.webhookdb.schemas.catalog.Verification.Algorithm;
import io.webhookdb.schemas.catalog.Verification.Encoding;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Answers the requests by which vendors ask whether somebody is there. Only what a definition names
 * is returned, never the secret. Immutable and thread-safe.
 */
public final class Handshakes {
    /** Larger requests are no handshakes, and are not read twice. */
    private static final int LARGEST = 16 << 10;

    /** Longest secret that is learned. */
    private static final int LONGEST_SECRET = 512;

    private static final JsonMapper JSON = JsonMapper.builder().build();

    private final List<Handshake> handshakes;
    private final PreparedMac mac;
    private final boolean knowsSecret;

    private Handshakes(List<Handshake> handshakes, PreparedMac mac) {
        this.handshakes = handshakes;
        this.mac = mac;
        this.knowsSecret = mac != null;
    }

    /**
     * @param secret the integration's secret; null or blank while none is set
     */
    public static Handshakes of(List<Handshake> handshakes, String secret) {
        return new Handshakes(
                handshakes,
                secret == null || secret.isBlank()
                        ? null
                        : PreparedMac.of(Algorithm.SHA256, Encoding.HEX, secret.getBytes(UTF_8)));
    }

    /**
     * An answer, with status 200.
     *
     * @param proof whether the request has to be verified first
     * @param contentType media type of the body
     * @param learned secret of later events; it has to be stored before the answer is given
     */
    public record Reply(
            Handshake.Proof proof,
            String contentType,
            String body,
            Map<String, String> headers,
            Optional<String> learned) {
        private Reply(Handshake.Proof proof, String contentType, String body) {
            this(proof, contentType, body, Map.of(), Optional.empty());
        }

        private Reply learning(String secret) {
            return new Reply(proof, contentType, body, headers, Optional.of(secret));
        }

        /** Never prints a secret. */
        @Override
        public String toString() {
            return "Reply[" + contentType + "]";
        }
    }

    /** The answer a request wants; empty if it is no handshake. */
    public Optional<Reply> answer(SignedRequest request) {
        for (Handshake handshake : handshakes) {
            String value = value(handshake.when(), handshake.equals(), request);
            if (value != null
                    && (handshake.equals().isEmpty() || handshake.equals().contains(value))) {
                Optional<Reply> reply =
                        handshake.learns() == null
                                ? reply(handshake, request)
                                : learning(handshake, request);
                if (reply.isPresent()) {
                    return reply;
                }
            }
        }
        return Optional.empty();
    }

    /** Only where no secret is known: nobody replaces one from outside. */
    private Optional<Reply> learning(Handshake handshake, SignedRequest request) {
        String secret = value(handshake.learns(), List.of(), request);
        boolean usable =
                !knowsSecret
                        && secret != null
                        && !secret.isBlank()
                        && secret.length() <= LONGEST_SECRET;
        return usable
                ? reply(handshake, request).map(reply -> reply.learning(secret))
                : Optional.empty();
    }

    private Optional<Reply> reply(Handshake handshake, SignedRequest request) {
        Map<String, String> values = new LinkedHashMap<>();
        for (Member member : handshake.members()) {
            String value = value(member.from(), List.of(), request);
            if (value == null || (member.treatment() == Treatment.HMAC_HEX && mac == null)) {
                return Optional.empty();
            }
            values.put(
                    member.name() == null ? "" : member.name(),
                    member.treatment() == Treatment.HMAC_HEX
                            ? mac.sign(value.getBytes(UTF_8)).encoded()
                            : value);
        }
        return Optional.of(
                switch (handshake.form()) {
                    case JSON -> new Reply(handshake.proof(), "application/json", json(values));
                    case TEXT ->
                            new Reply(
                                    handshake.proof(),
                                    "text/plain",
                                    values.values().iterator().next());
                    case HEADERS ->
                            new Reply(
                                    handshake.proof(),
                                    "text/plain",
                                    "",
                                    printable(values),
                                    Optional.empty());
                    case EMPTY -> new Reply(handshake.proof(), "text/plain", "");
                });
    }

    private static String value(Spot spot, List<String> wanted, SignedRequest request) {
        if (spot.header() != null) {
            return request.header(spot.header());
        }
        if (spot.query() != null) {
            return request.parameter(spot.query());
        }
        return request.body().length > LARGEST || !mayHold(wanted, request.body())
                ? null
                : request.text(spot.body());
    }

    /** A cheap look before the body is parsed. */
    private static boolean mayHold(List<String> wanted, byte[] body) {
        if (wanted.isEmpty()) {
            return true;
        }
        String text = new String(body, UTF_8);
        return wanted.stream().anyMatch(text::contains);
    }

    /** Nothing of the sender's may end a header. */
    private static Map<String, String> printable(Map<String, String> values) {
        Map<String, String> safe = new LinkedHashMap<>();
        values.forEach((name, value) -> safe.put(name, value.replaceAll("[^ -~]", "")));
        return safe;
    }

    private static String json(Map<String, String> values) {
        try {
            return JSON.writeValueAsString(values);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("Texts cannot be written as JSON", e);
        }
    }
}

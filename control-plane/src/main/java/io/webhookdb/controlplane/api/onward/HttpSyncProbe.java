package io.webhookdb.controlplane.api.onward;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JsonProcessingException;
import io.webhookdb.controlplane.api.http.Json;
import io.webhookdb.controlplane.outbound.JudgedPost;
import io.webhookdb.controlplane.outbound.JudgedPost.Answer;
import io.webhookdb.security.connection.HttpSyncUrl;
import io.webhookdb.security.outbound.OutboundPolicy;
import io.webhookdb.security.outbound.Redirect;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Tries a receiver of pages with an empty one, and follows redirects as deliveries do. */
final class HttpSyncProbe {
    private static final Duration LIMIT = Duration.ofSeconds(3);
    private static final Map<String, Object> EMPTY_PAGE =
            Map.of(
                    "rows",
                    List.of(),
                    "integration_id",
                    "svi_test",
                    "integration_service",
                    "httpsync_test",
                    "table",
                    "test");

    private final JudgedPost post;

    HttpSyncProbe(OutboundPolicy policy) {
        this.post = new JudgedPost(policy, LIMIT);
    }

    /**
     * Returns if the receiver takes the page.
     *
     * @throws IOException whose message may be shown
     */
    void check(HttpSyncUrl endpoint) throws IOException {
        HttpSyncUrl at = endpoint;
        byte[] body = body();
        for (int redirects = 0; redirects <= Redirect.MOST; redirects++) {
            Answer answer = post.send(at.target(), headers(at), body);
            Optional<URI> next = Redirect.of(at.target(), answer.status(), answer.location());
            if (next.isEmpty()) {
                if (!answer.isTaken()) {
                    throw answer.refusal();
                }
                return;
            }
            boolean same = Redirect.keepsCredentials(at.target(), next.get());
            at = new HttpSyncUrl(next.get(), same ? at.user() : "", same ? at.password() : "");
        }
        throw new IOException("it redirects more than " + Redirect.MOST + " times");
    }

    private static Map<String, String> headers(HttpSyncUrl endpoint) {
        Map<String, String> headers = new HashMap<>(Map.of("Content-Type", "application/json"));
        String credentials = endpoint.user() + ":" + endpoint.password();
        if (!credentials.equals(":")) {
            headers.put(
                    "Authorization",
                    "Basic " + Base64.getEncoder().encodeToString(credentials.getBytes(UTF_8)));
        }
        return headers;
    }

    private static byte[] body() {
        try {
            return Json.MAPPER.writeValueAsBytes(EMPTY_PAGE);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("A map of texts can be written", e);
        }
    }
}

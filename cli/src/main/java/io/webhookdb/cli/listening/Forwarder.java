package io.webhookdb.cli.listening;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import io.webhookdb.cli.api.Json;
import io.webhookdb.cli.output.Printable;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.function.Consumer;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** Posts changes as the server would: same body, headers and signature. One attempt each. */
public final class Forwarder {
    private static final String PREFIX = "whsec_";
    private static final Duration LIMIT = Duration.ofSeconds(10);

    private final URI target;
    private final String secret;
    private final Consumer<String> told;
    private final HttpClient http =
            HttpClient.newBuilder()
                    .version(HttpClient.Version.HTTP_1_1)
                    .followRedirects(HttpClient.Redirect.NEVER)
                    .connectTimeout(LIMIT)
                    .build();
    private int forwarded;

    /**
     * @param told gets a line about each change: what it was and what was answered
     */
    public Forwarder(URI target, String secret, Consumer<String> told) {
        this.target = target;
        this.secret = secret;
        this.told = told;
    }

    /** A secret in the form of Standard Webhooks. */
    public static String newSecret() {
        byte[] bytes = new byte[24];
        new SecureRandom().nextBytes(bytes);
        return PREFIX + Base64.getEncoder().encodeToString(bytes);
    }

    public String secret() {
        return secret;
    }

    /** How many were posted, whatever the answer. */
    public int forwarded() {
        return forwarded;
    }

    /** Posts one change. */
    public void forward(String body) {
        JsonNode change = read(body);
        String id = change.path("id").asText("");
        long seconds = Instant.now().getEpochSecond();
        HttpRequest post =
                HttpRequest.newBuilder(target)
                        .timeout(LIMIT)
                        .header("Content-Type", "application/json")
                        .header("Whdb-Webhook-Secret", secret)
                        .header("Whdb-Attempt", "1")
                        .header("webhook-id", id)
                        .header("webhook-timestamp", Long.toString(seconds))
                        .header("webhook-signature", signature(id, seconds, body))
                        .POST(HttpRequest.BodyPublishers.ofString(body))
                        .build();
        String answer;
        try {
            answer = Integer.toString(http.send(post, BodyHandlers.discarding()).statusCode());
        } catch (IOException e) {
            answer = "no answer (" + e.getClass().getSimpleName() + ")";
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            answer = "interrupted";
        }
        forwarded++;
        told.accept(
                Printable.text(
                        change.path("type").asText()
                                + " "
                                + change.path("table_name").asText()
                                + " "
                                + change.path("external_id").asText()
                                + " -> "
                                + answer));
    }

    private String signature(String id, long seconds, String body) {
        try {
            byte[] key =
                    secret.startsWith(PREFIX)
                            ? Base64.getDecoder().decode(secret.substring(PREFIX.length()))
                            : secret.getBytes(UTF_8);
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(key, "HmacSHA256"));
            byte[] signed = mac.doFinal((id + "." + seconds + "." + body).getBytes(UTF_8));
            return "v1," + Base64.getEncoder().encodeToString(signed);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("HmacSHA256 is part of every JDK", e);
        }
    }

    private static JsonNode read(String body) {
        try {
            return Json.read(body);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("The server sent a change that is no JSON", e);
        }
    }
}

package io.webhookdb.controlplane.api.http;

import io.javalin.http.Context;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Ends conversations nobody takes part in. A terminal whose input has ended answers every prompt
 * with nothing, at once and for ever; a plain error stops it.
 */
final class PromptBrake {
    static final int PROMPTS = 10;
    static final Duration WINDOW = Duration.ofSeconds(30);
    private static final int REMEMBERED = 10_000;

    private final Map<Conversation, Count> counts = new ConcurrentHashMap<>();
    private final Clock clock;

    PromptBrake(Clock clock) {
        this.clock = clock;
    }

    /** Whether this client may be asked once more. */
    boolean allows(Context context, String parameter) {
        return allows(new Asked(client(context), context.path(), parameter));
    }

    /** An answer was taken: the conversation goes on, or ended as it should. */
    void release(Context context) {
        release(client(context), context.path());
    }

    void release(String client, String path) {
        counts.remove(new Conversation(client, path));
    }

    private static String client(Context context) {
        String session = context.header("Whdb-Auth-Token");
        return session == null || session.isBlank() ? context.ip() : session;
    }

    boolean allows(Asked asked) {
        long now = clock.millis();
        if (counts.size() >= REMEMBERED) {
            counts.values().removeIf(count -> count.over(now));
        }
        if (counts.size() >= REMEMBERED) {
            return true;
        }
        Count count =
                counts.compute(
                        new Conversation(asked.client(), asked.path()),
                        (key, known) ->
                                known == null
                                                || known.over(now)
                                                || !known.parameter().equals(asked.parameter())
                                        ? new Count(asked.parameter(), now, 1)
                                        : new Count(
                                                asked.parameter(),
                                                known.since(),
                                                known.prompts() + 1));
        return count.prompts() <= PROMPTS;
    }

    static ApiException refusal() {
        return ApiException.of(
                429, "invalid_input", "No answer was given too many times. Start again.");
    }

    /** Who was asked for what. */
    record Asked(String client, String path, String parameter) {}

    private record Conversation(String client, String path) {}

    private record Count(String parameter, long since, int prompts) {
        boolean over(long now) {
            return now - since > WINDOW.toMillis();
        }
    }
}

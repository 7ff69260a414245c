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
    static final int PROMPTS = 50;
    static final Duration WINDOW = Duration.ofSeconds(10);
    private static final int REMEMBERED = 10_000;

    private final Map<Asked, Count> counts = new ConcurrentHashMap<>();
    private final Clock clock;

    PromptBrake(Clock clock) {
        this.clock = clock;
    }

    /** Whether this client may be asked once more. */
    boolean allows(Context context, String parameter) {
        String session = context.header("Whdb-Auth-Token");
        return allows(
                new Asked(
                        session == null || session.isBlank() ? context.ip() : session,
                        context.path(),
                        parameter));
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
                        asked,
                        (key, known) ->
                                known == null || known.over(now)
                                        ? new Count(now, 1)
                                        : new Count(known.since(), known.prompts() + 1));
        return count.prompts() <= PROMPTS;
    }

    static ApiException refusal() {
        return ApiException.of(
                429, "invalid_input", "No answer was given too many times. Start again.");
    }

    /** Who was asked for what. */
    record Asked(String client, String path, String parameter) {}

    private record Count(long since, int prompts) {
        boolean over(long now) {
            return now - since > WINDOW.toMillis();
        }
    }
}

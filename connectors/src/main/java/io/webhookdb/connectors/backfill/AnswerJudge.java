package io.webhookdb.connectors.backfill;

import com.fasterxml.jackson.databind.JsonNode;
import io.webhookdb.schemas.catalog.BackfillAnswer;
import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

/** Tells what an answer means, before anyone looks for items in it. Pure. */
final class AnswerJudge {
    private static final Duration UNTOLD_WAIT = Duration.ofSeconds(30);

    /** GitHub: REST API, "Rate limits", Exceeding the rate limit: at least one minute. */
    private static final Duration UNTOLD_WAIT_AFTER_403 = Duration.ofMinutes(1);

    /** A time that is already over, as clocks differ, must not make us ask again and again. */
    private static final Duration SHORTEST_WAIT = Duration.ofSeconds(1);

    private static final Pattern RATE_LIMIT =
            Pattern.compile("\\brate limit", Pattern.CASE_INSENSITIVE);
    private static final Duration LONGEST_WAIT = Duration.ofHours(24);
    private static final int MOST_MESSAGE = 300;
    private static final List<String> MESSAGES =
            List.of(
                    "/error/message",
                    "/errors/0/message",
                    "/errors/0/title",
                    "/errors/0",
                    "/error_description",
                    "/message",
                    "/detail",
                    "/title",
                    "/errors",
                    "/error");

    /**
     * Reasons of Google's 403 (Calendar API, Handle API errors).
     *
     * <p>https://developers.google.com/workspace/calendar/api/guides/errors
     */
    private static final Set<String> LIMITS =
            Set.of("rateLimitExceeded", "userRateLimitExceeded", "quotaExceeded");

    private AnswerJudge() {}

    /** What an answer that is no failure brings. */
    enum Verdict {
        PAGE,
        /** No content, or the catalogue says that this stands for no items. */
        NOTHING
    }

    /**
     * Judges an answer.
     *
     * @param expected statuses that are no failure
     * @throws ApiException if it is a failure, classified
     */
    static Verdict judge(ApiAnswer answer, List<BackfillAnswer> expected) throws ApiException {
        int status = answer.status();
        if (status == 204) {
            return Verdict.NOTHING;
        }
        if (status >= 200 && status < 300) {
            return Verdict.PAGE;
        }
        JsonNode body = body(answer);
        for (BackfillAnswer nothing : expected) {
            if (nothing.status() == status
                    && (nothing.pointer() == null
                            || body.at(nothing.pointer()).asText("").equals(nothing.equals()))) {
                return Verdict.NOTHING;
            }
        }
        String message = "The API answered " + status + message(answer, body) + ".";
        if (isToldToWait(answer)) {
            throw new ApiException(ApiFailure.WAIT, message, retryAt(answer), null);
        }
        boolean later = status >= 500 || status == 408 || status == 425 || status == 409;
        throw new ApiException(later ? ApiFailure.TRANSIENT : ApiFailure.CONFIGURATION, message);
    }

    /**
     * Whether the vendor asks to be left alone for a while. GitHub and Google say 403 where others
     * say 429; of GitHub's secondary limits only the message may tell.
     */
    static boolean isToldToWait(ApiAnswer answer) {
        return answer.status() == 429
                || (answer.status() == 503 && answer.header("retry-after") != null)
                || (answer.status() == 403
                        && (answer.header("retry-after") != null
                                || "0".equals(answer.header("x-ratelimit-remaining"))
                                || isLimit(body(answer))));
    }

    private static boolean isLimit(JsonNode body) {
        return LIMITS.contains(body.at("/error/errors/0/reason").asText(""))
                || RATE_LIMIT.matcher(body.at("/message").asText("")).find();
    }

    private static Instant retryAt(ApiAnswer answer) {
        Instant now = answer.endedAt();
        Instant told = RateHeaders.retryAfter(answer.header("retry-after"), now);
        if (told == null) {
            told = RateHeaders.reset(answer);
        }
        Duration untold = answer.status() == 403 ? UNTOLD_WAIT_AFTER_403 : UNTOLD_WAIT;
        Instant at = told == null ? now.plus(untold) : told;
        Instant earliest = now.plus(SHORTEST_WAIT);
        Instant latest = now.plus(LONGEST_WAIT);
        return at.isAfter(latest) ? latest : at.isBefore(earliest) ? earliest : at;
    }

    private static JsonNode body(ApiAnswer answer) {
        try {
            JsonNode body = Json.MAPPER.readTree(answer.body());
            return body == null ? Json.MAPPER.missingNode() : body;
        } catch (IOException e) {
            return Json.MAPPER.missingNode();
        }
    }

    private static String message(ApiAnswer answer, JsonNode body) {
        String location = answer.header("location");
        if (answer.status() / 100 == 3 && location != null) {
            return ": it points to " + place(location) + ", where it is not followed";
        }
        return message(body);
    }

    /** Neither path nor query, which may hold a credential. */
    private static String place(String location) {
        try {
            URI target = new URI(location.strip());
            return target.getHost() == null ? "another path" : ApiRequest.origin(target);
        } catch (URISyntaxException e) {
            return "what is no URL";
        }
    }

    private static String message(JsonNode body) {
        for (String pointer : MESSAGES) {
            JsonNode found = body.at(pointer);
            if (found.isTextual() && !found.asText().isBlank()) {
                String text = found.asText().strip().replaceAll("\\s+", " ");
                String cut = text.length() > MOST_MESSAGE ? text.substring(0, MOST_MESSAGE) : text;
                return ": " + cut.replaceAll("[.!]+$", "");
            }
        }
        return "";
    }

    /** What vendors say about their limits. */
    static final class RateHeaders {
        private static final long SMALLEST_EPOCH = 1_000_000_000L;

        private RateHeaders() {}

        /** Seconds or an HTTP date; null if it is neither. */
        static Instant retryAfter(String value, Instant now) {
            if (value == null) {
                return null;
            }
            try {
                return value.matches("\\d{1,9}(\\.\\d+)?")
                        ? now.plusMillis((long) Math.ceil(Double.parseDouble(value) * 1000))
                        : Instant.from(DateTimeFormatter.RFC_1123_DATE_TIME.parse(value));
            } catch (DateTimeException e) {
                return null;
            }
        }

        /** When a used-up budget is full again; null if the answer does not say. */
        static Instant reset(ApiAnswer answer) {
            String value = answer.header("x-ratelimit-reset");
            if (value == null) {
                value = answer.header("ratelimit-reset");
            }
            if (value == null || !value.matches("\\d{1,12}")) {
                return null;
            }
            long number = Long.parseLong(value);
            return number >= SMALLEST_EPOCH
                    ? Instant.ofEpochSecond(number)
                    : answer.endedAt().plusSeconds(number);
        }

        /**
         * When the account may be asked again, by what an answer that succeeded says: GitHub's and
         * the IETF's remaining requests, Shopify's bucket.
         */
        static Instant quietUntil(ApiAnswer answer) {
            String remaining = answer.header("x-ratelimit-remaining");
            if (remaining == null) {
                remaining = answer.header("ratelimit-remaining");
            }
            if ("0".equals(remaining) && reset(answer) != null) {
                return reset(answer);
            }
            String bucket = answer.header("x-shopify-shop-api-call-limit");
            if (bucket != null && bucket.matches("\\d{1,6}/\\d{1,6}")) {
                int slash = bucket.indexOf('/');
                int used = Integer.parseInt(bucket.substring(0, slash));
                int size = Integer.parseInt(bucket.substring(slash + 1));
                // It leaks two requests a second; the last few are left to others.
                return used >= size - 2 ? answer.endedAt().plusMillis(1000) : answer.endedAt();
            }
            return answer.endedAt();
        }
    }
}

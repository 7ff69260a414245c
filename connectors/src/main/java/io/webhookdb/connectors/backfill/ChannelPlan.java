package io.webhookdb.connectors.backfill;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.webhookdb.schemas.catalog.BackfillWatch;
import io.webhookdb.schemas.catalog.BackfillWatch.Fill;
import io.webhookdb.schemas.catalog.BackfillWatch.Member;
import io.webhookdb.schemas.row.VendorTime;
import java.io.IOException;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/** What is asked of a vendor about channels, and what its answers mean. Pure. */
final class ChannelPlan {
    private static final long SHORTEST_MILLIS = 60_000;

    private final BackfillWatch watch;

    ChannelPlan(BackfillWatch watch) {
        this.watch = watch;
    }

    /**
     * A request about a channel.
     *
     * @param channel its id, one made for it where it is posted; null: the vendor gives one
     */
    record Asked(ApiRequest request, String channel) {}

    /**
     * What an answer said.
     *
     * @param members what the row is to say of its channel
     */
    record Told(ChannelNote note, Map<String, String> members) {}

    /** Renews a channel, or makes one. */
    Asked ask(RequestPlan plan, ChannelNote note, String endpoint, String token, Instant now)
            throws ApiException {
        boolean renews = watch.renew() != null && note.channel() != null;
        String channel = renews ? note.channel() : UUID.randomUUID().toString();
        Map<Fill, String> fill =
                Map.of(
                        Fill.CHANNEL,
                        channel,
                        Fill.ENDPOINT,
                        endpoint,
                        Fill.TOKEN,
                        token,
                        Fill.EXPIRY,
                        VendorTime.text(watch.format(), now.plusSeconds(watch.lifetimeSeconds())));
        ApiRequest request =
                renews
                        ? plan.at(watch.renew(), note.parent(), channel)
                                .sending("PATCH", body(watch.renewal(), fill))
                        : plan.at(watch.path(), note.parent(), "")
                                .sending("POST", body(watch.body(), fill));
        return new Asked(request, channel);
    }

    private static String body(List<Member> members, Map<Fill, String> fill) {
        ObjectNode body = Json.MAPPER.createObjectNode();
        for (Member member : members) {
            body.put(
                    member.name(), member.fill() == null ? member.text() : fill.get(member.fill()));
        }
        return body.toString();
    }

    /**
     * What is remembered after an answer.
     *
     * @throws ApiException if there is no channel now, classified
     */
    Told told(ChannelNote note, Asked asked, ApiAnswer answer) throws ApiException {
        if (AnswerJudge.judge(answer, watch.unsupported()) == AnswerJudge.Verdict.NOTHING) {
            return new Told(note.named(null, Long.MAX_VALUE), Map.of());
        }
        JsonNode body;
        try {
            body = Json.MAPPER.readTree(answer.body());
        } catch (IOException e) {
            throw new ApiException(
                    ApiFailure.UNREADABLE, "The API's answer about a channel is no JSON.");
        }
        String named = watch.channel() == null ? null : Json.scalar(body.at(watch.channel()));
        Instant now = answer.endedAt();
        Instant ends =
                watch.expiry() == null
                        ? now.plusSeconds(watch.lifetimeSeconds())
                        : VendorTime.parse(watch.format(), Json.scalar(body.at(watch.expiry())))
                                .orElse(now.plusSeconds(watch.lifetimeSeconds()));
        long renewAt = ends.minusSeconds(watch.renewBeforeSeconds()).toEpochMilli();
        if (renewAt <= now.toEpochMilli()) {
            // Shorter than it was asked for: half of it, and never a storm.
            long left = ends.toEpochMilli() - now.toEpochMilli();
            renewAt = now.toEpochMilli() + Math.max(SHORTEST_MILLIS, left / 2);
        }
        String channel = named == null ? asked.channel() : named;
        return new Told(note.named(channel, renewAt), noted(channel, ends, body));
    }

    /** What the row is to say of it. */
    private Map<String, String> noted(String channel, Instant ends, JsonNode answer) {
        if (watch.noted() == null) {
            return Map.of();
        }
        Map<String, String> members = new LinkedHashMap<>();
        members.put(watch.noted().channel(), channel);
        members.put(watch.noted().expiry(), ends.toString());
        String resource =
                watch.noted().resource() == null
                        ? null
                        : Json.scalar(answer.at(watch.noted().resourceAt()));
        if (resource != null) {
            members.put(watch.noted().resource(), resource);
        }
        return members;
    }
}

package io.webhookdb.connectors.backfill;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.webhookdb.connectors.backfill.AnswerJudge.Verdict;
import io.webhookdb.connectors.backfill.PageReader.Page;
import io.webhookdb.schemas.catalog.Backfill;
import io.webhookdb.schemas.catalog.BackfillDetail;
import io.webhookdb.schemas.catalog.BackfillFetch;
import io.webhookdb.schemas.catalog.Condition;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * One listing, page by page: what to ask next, and what an answer brings. A page whose items need
 * further requests is held until they are answered; nothing of it counts before. Pure, and not
 * thread-safe: one request at a time.
 */
final class Listing {
    /** Stands for a listing that has to begin again. */
    private static final Page EXPIRED = new Page(List.of(), null, 0);

    private final Backfill backfill;
    private final BackfillFetch single;
    private final Restriction restriction;
    private Position position;
    private Page page;
    private Instant pageStartedAt;
    private int detailed;

    Listing(Backfill backfill, Position position) {
        this(backfill, null, null, position);
    }

    private Listing(
            Backfill backfill, BackfillFetch single, Restriction restriction, Position position) {
        this.backfill = backfill;
        this.single = single;
        this.restriction = restriction;
        this.position = position;
    }

    /**
     * A page that is whole.
     *
     * @param items its items
     * @param after where the listing goes on; null: it has ended
     * @param startedAt when its request began, by the vendor's clock
     * @param pages how many pages there are; 0 if the vendor does not say
     */
    record Brought(List<ObjectNode> items, Position after, Instant startedAt, long pages) {}

    /** A listing of the one resource whose id the position's row has as its key. */
    static Listing single(Backfill backfill, Position position) {
        return new Listing(backfill, backfill.fetch(), null, position);
    }

    /** A listing of what lies within some times; {@code null} is no restriction. */
    static Listing restricted(Backfill backfill, Restriction restriction, Position position) {
        return new Listing(backfill, null, restriction, position);
    }

    Position position() {
        return position;
    }

    /** The next request. The same one again as long as it is not answered. */
    ApiRequest request(Access access, Instant now) throws ApiException {
        RequestPlan plan = new RequestPlan(backfill, access);
        if (single != null && page == null) {
            return plan.fetch(position.parent().key());
        }
        return page == null
                ? plan.page(position, now, restriction)
                : plan.detail(page.items().get(detailed), position.parent());
    }

    /**
     * Takes the answer to {@link #request}.
     *
     * @return empty while the page's items need more
     * @throws ApiException if it brings nothing; the request can be repeated
     */
    Optional<Brought> answered(ApiAnswer answer) throws ApiException {
        if (page == null) {
            page = read(answer);
            pageStartedAt = answer.startedAtVendor();
            detailed = -1;
        } else {
            detail(answer);
        }
        do {
            detailed++;
        } while (detailed < page.items().size() && !needsDetail(page.items().get(detailed)));
        if (detailed < page.items().size()) {
            return Optional.empty();
        }
        Position after = page == EXPIRED ? position : after(page);
        Brought brought = new Brought(page.items(), after, pageStartedAt, page.pages());
        position = brought.after();
        page = null;
        return Optional.of(brought);
    }

    private Page read(ApiAnswer answer) throws ApiException {
        Integer expired = backfill.incremental().expired();
        if (expired != null && expired == answer.status() && position.watermarkMicros() != null) {
            position = Position.first(position.parent(), null);
            return EXPIRED;
        }
        boolean parentGone = position.parent() != null && answer.status() == 404;
        if (single != null && !parentGone) {
            AnswerJudge.judge(answer, List.of());
            return new Page(
                    new ArrayList<>(List.of(object(answer, List.of(single.pointer())))), null, 0);
        }
        if (parentGone || AnswerJudge.judge(answer, backfill.answers()) == Verdict.NOTHING) {
            return new Page(new ArrayList<>(), null, 0);
        }
        Page whole = PageReader.read(backfill, answer, position);
        return restriction == null ? whole : restriction.of(whole);
    }

    private Position after(Page read) {
        if (single != null) {
            return null;
        }
        if (read.next() != null) {
            return position.page(read.next());
        }
        return position.pass() + 1 < backfill.passes().size() ? position.nextPass() : null;
    }

    private boolean needsDetail(JsonNode item) {
        BackfillDetail detail = backfill.detail();
        return detail != null && passes(item, detail.when());
    }

    private void detail(ApiAnswer answer) throws ApiException {
        BackfillDetail detail = backfill.detail();
        if (detail.ignoreStatus().contains(answer.status()) && !AnswerJudge.isToldToWait(answer)) {
            return;
        }
        AnswerJudge.judge(answer, List.of());
        if (detail.into() != null) {
            page.items().get(detailed).set(detail.into(), meant(answer, detail.pointer()));
        } else {
            page.items().set(detailed, object(answer, detail.pointer()));
        }
    }

    private static JsonNode json(ApiAnswer answer) throws ApiException {
        try {
            return Json.MAPPER.readTree(answer.body());
        } catch (IOException e) {
            throw new ApiException(
                    ApiFailure.UNREADABLE, "The API's answer about one item is no JSON.");
        }
    }

    private static ObjectNode object(ApiAnswer answer, List<String> pointers) throws ApiException {
        if (meant(answer, pointers) instanceof ObjectNode object) {
            return object;
        }
        throw new ApiException(
                ApiFailure.UNREADABLE,
                "The API's answer about one item has no object at \""
                        + String.join("\" or \"", pointers)
                        + "\".");
    }

    /** What is at the first of these places at which there is something. */
    private static JsonNode meant(ApiAnswer answer, List<String> pointers) throws ApiException {
        JsonNode whole = json(answer);
        return pointers.stream()
                .map(whole::at)
                .filter(found -> !found.isMissingNode())
                .findFirst()
                .orElseGet(Json.MAPPER::missingNode);
    }

    /** Whether a resource meets all conditions. */
    static boolean passes(JsonNode resource, List<Condition> conditions) {
        for (Condition condition : conditions) {
            if (!condition.passes(comparable(resource.at(condition.resource())))) {
                return false;
            }
        }
        return true;
    }

    private static String comparable(JsonNode value) {
        if (value.isMissingNode() || value.isNull()) {
            return null;
        }
        return value.isObject() ? "{}" : value.isArray() ? "[]" : value.asText();
    }
}

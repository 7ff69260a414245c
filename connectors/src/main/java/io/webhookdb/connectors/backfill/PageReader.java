package io.webhookdb.connectors.backfill;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.webhookdb.connectors.icalendar.CalendarFeed;
import io.webhookdb.schemas.catalog.Backfill;
import io.webhookdb.schemas.catalog.BackfillIncremental;
import io.webhookdb.schemas.catalog.BackfillItems;
import io.webhookdb.schemas.catalog.BackfillPagination;
import io.webhookdb.schemas.row.VendorTime;
import java.io.IOException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Takes a page apart: its items, and where the next page is. Pure. */
final class PageReader {
    private static final Pattern LINK = Pattern.compile("<([^>]*)>([^<]*)");
    private static final Pattern NEXT =
            Pattern.compile(";\\s*rel\\s*=\\s*(?:\"(?:[^\"]*\\s)?next(?:\\s[^\"]*)?\"|next\\b)");

    private PageReader() {}

    /**
     * What a page brings.
     *
     * @param items what is meant, in order
     * @param next as {@link Position#next()}; null: this was the last page
     * @param pages how many pages there are; 0 if the vendor does not say
     */
    record Page(List<ObjectNode> items, String next, long pages) {}

    /**
     * Reads an answer with a success status.
     *
     * @throws ApiException an unreadable one, naming what was expected where
     */
    static Page read(Backfill backfill, ApiAnswer answer, Position position) throws ApiException {
        JsonNode root = root(backfill.items(), answer);
        JsonNode listed =
                backfill.items().format() == BackfillItems.Format.JSON
                        ? root.at(backfill.items().pointer())
                        : root;
        if (listed.isMissingNode() || !(listed.isArray() || listed.isNull())) {
            throw unreadable("has no array at \"" + backfill.items().pointer() + "\"");
        }
        List<ObjectNode> items = items(backfill, listed, position);
        JsonNode last = listed.isEmpty() ? null : listed.get(listed.size() - 1);
        String next = next(backfill.pagination(), answer, root, last, position);
        if (next != null && next.equals(position.next())) {
            throw unreadable("names itself as the page that follows");
        }
        boolean seen = last != null && isSeen(backfill.incremental(), last, position);
        return new Page(items, seen ? null : next, pages(backfill.pagination(), root));
    }

    private static JsonNode root(BackfillItems items, ApiAnswer answer) throws ApiException {
        if (items.format() == BackfillItems.Format.ATOM) {
            return AtomFeed.entries(answer.body());
        }
        if (items.format() == BackfillItems.Format.AWS_PRICES) {
            return AwsPrices.rates(answer.body());
        }
        if (items.format() == BackfillItems.Format.ICALENDAR) {
            if (!CalendarFeed.isOne(answer.body())) {
                throw unreadable("is no iCalendar object");
            }
            ArrayNode events = Json.MAPPER.createArrayNode();
            return events.addAll(CalendarFeed.events(answer.body(), answer.startedAt()));
        }
        try {
            JsonNode root = Json.MAPPER.readTree(answer.body());
            if (root == null || root.isMissingNode()) {
                throw unreadable("is empty");
            }
            return root;
        } catch (IOException e) {
            throw unreadable("is no JSON");
        }
    }

    private static List<ObjectNode> items(Backfill backfill, JsonNode listed, Position position) {
        BackfillItems declared = backfill.items();
        List<ObjectNode> items = new ArrayList<>(listed.size());
        for (JsonNode element : listed) {
            if (declared.within() == null) {
                add(items, element);
            } else {
                element.at(declared.within()).forEach(inner -> add(items, inner));
            }
        }
        for (BackfillItems.Injection injection : declared.inject()) {
            if (injection.pass() != null) {
                String text = backfill.ofPass(position.pass(), injection.pass());
                items.forEach(item -> item.put(injection.member(), text));
            } else if (position.parent() != null) {
                JsonNode value = position.parent().values().get(injection.parent());
                items.forEach(item -> item.set(injection.member(), value));
            }
        }
        return items;
    }

    private static void add(List<ObjectNode> items, JsonNode element) {
        if (element instanceof ObjectNode object) {
            items.add(object);
        }
    }

    private static boolean isSeen(
            BackfillIncremental incremental, JsonNode last, Position position) {
        return incremental.style() == BackfillIncremental.Style.STOP
                && position.watermarkMicros() != null
                && VendorTime.parse(
                                incremental.format(), Json.scalar(last.at(incremental.pointer())))
                        .map(
                                time ->
                                        time.isBefore(
                                                Instant.EPOCH.plus(
                                                        position.watermarkMicros(),
                                                        ChronoUnit.MICROS)))
                        .orElse(false);
    }

    private static String next(
            BackfillPagination pagination,
            ApiAnswer answer,
            JsonNode root,
            JsonNode last,
            Position position) {
        return switch (pagination.style()) {
            case NONE -> null;
            case LINK_HEADER -> link(answer.header("link"));
            case CURSOR, NEXT_PATH -> first(root, pagination.next());
            case LAST_ITEM ->
                    last != null && root.at(pagination.more()).asBoolean(false)
                            ? Json.scalar(last.at(pagination.item()))
                            : null;
            case PAGE_NUMBER -> {
                long page = position.next() == null ? 1 : Long.parseLong(position.next());
                yield page < pages(pagination, root) ? Long.toString(page + 1) : null;
            }
        };
    }

    private static long pages(BackfillPagination pagination, JsonNode root) {
        return pagination.style() == BackfillPagination.Style.PAGE_NUMBER
                ? root.at(pagination.total()).asLong(0)
                : 0;
    }

    private static String first(JsonNode root, List<String> pointers) {
        for (String pointer : pointers) {
            String text = Json.scalar(root.at(pointer));
            if (text != null && !text.isEmpty()) {
                return text;
            }
        }
        return null;
    }

    /** The URL with the relation {@code next} (RFC 8288); null if there is none. */
    static String link(String header) {
        if (header == null) {
            return null;
        }
        Matcher links = LINK.matcher(header);
        while (links.find()) {
            if (NEXT.matcher(links.group(2)).find()) {
                return links.group(1);
            }
        }
        return null;
    }

    private static ApiException unreadable(String what) {
        return new ApiException(ApiFailure.UNREADABLE, "The API's answer " + what + ".");
    }
}

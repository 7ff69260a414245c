package io.webhookdb.controlplane.api.http;

import io.javalin.http.Context;
import io.javalin.http.Handler;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;

/**
 * Pages of which origins may call the api from a browser, such as a web terminal's: their browsers
 * are told so, on answers and errors and when they ask before (WHATWG Fetch, "CORS protocol").
 * Cookies are never allowed along; such a page sends the token of its login in a header.
 */
public final class PageOrigins {
    /** No page of another origin. */
    public static final PageOrigins NONE = new PageOrigins(List.of());

    static final String VARIABLE = "WEBHOOKDB_API_CORS_ORIGINS";

    private static final Pattern FORM =
            Pattern.compile("https?://(?:[a-z0-9.-]+|\\[[0-9a-f:]+])(?::(?:[0-9]{1,5}|\\*))?");

    /** Names of headers, comma-separated (RFC 9110, 5.1); nothing else is repeated to a browser. */
    private static final Pattern HEADERS = Pattern.compile("[\\w!#$%&'*+.^`|~, -]{1,2000}");

    private static final String ASKED_METHOD = "Access-Control-Request-Method";
    private static final String ASKED_HEADERS = "Access-Control-Request-Headers";
    private static final String EXPOSED = "Whdb-Auth-Token, Whdb-Prompt, Retry-After";

    private final List<Pattern> allowed;

    private PageOrigins(List<Pattern> allowed) {
        this.allowed = allowed;
    }

    /**
     * @param list origins such as {@code https://console.example.com}, separated by commas or
     *     blanks; {@code *} stands for any port
     * @throws IllegalArgumentException if one is no origin
     */
    public static PageOrigins of(String list) {
        return new PageOrigins(
                Arrays.stream(list.strip().split("[,\\s]+"))
                        .filter(origin -> !origin.isEmpty())
                        .map(PageOrigins::pattern)
                        .toList());
    }

    private static Pattern pattern(String origin) {
        String lower = origin.toLowerCase(Locale.ROOT);
        if (!FORM.matcher(lower).matches()) {
            throw new IllegalArgumentException(
                    VARIABLE
                            + ": "
                            + origin
                            + " is no origin; expected http[s]://host[:port], port * for any");
        }
        return lower.endsWith(":*")
                ? Pattern.compile(
                        Pattern.quote(lower.substring(0, lower.length() - 2)) + "(?::[0-9]+)?")
                : Pattern.compile(Pattern.quote(lower));
    }

    /** Whether pages of this origin, as browsers write it, may call. */
    boolean allows(String origin) {
        return allowed.stream().anyMatch(pattern -> pattern.matcher(origin).matches());
    }

    /** Before every route; ends the request if a browser only asks. */
    public Handler handler() {
        return context -> {
            String origin = context.header("Origin");
            if (!allowed.isEmpty()) {
                context.header("Vary", "Origin");
            }
            if (origin == null || !allows(origin)) {
                return;
            }
            context.header("Access-Control-Allow-Origin", origin);
            context.header("Access-Control-Expose-Headers", EXPOSED);
            if (context.method().name().equals("OPTIONS") && context.header(ASKED_METHOD) != null) {
                answer(context);
            }
        };
    }

    private static void answer(Context context) {
        String headers = context.header(ASKED_HEADERS);
        if (headers != null && HEADERS.matcher(headers).matches()) {
            context.header("Access-Control-Allow-Headers", headers);
        }
        context.header("Access-Control-Allow-Methods", "GET, POST")
                .header("Access-Control-Max-Age", "7200")
                .status(204)
                .skipRemainingHandlers();
    }
}

package io.webhookdb.controlplane.api.audit;

import io.webhookdb.controlplane.api.http.Paths;
import io.webhookdb.controlplane.api.http.Request;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** What is noted of a request. */
final class AuditRules {
    private static final int LONGEST_SUBJECT = 300;

    /** Reads that show credentials or rows, or this log. Other reads are not noted. */
    private static final Set<String> NOTED_READS =
            Set.of(
                    Paths.DATABASE + "/connection",
                    "/v1/db/run_sql",
                    Paths.SAVED_QUERIES + "/{" + Paths.ID + "}/run",
                    "/v1/saved_queries/{" + Paths.ID + "}/run",
                    Paths.ONE_ORGANIZATION + "/audit_log");

    /** Parameters whose values say what was done and are no secret. */
    private static final List<String> TELLING =
            List.of(
                    "service_name",
                    "new_name",
                    "name",
                    "scope",
                    "email",
                    "emails",
                    "role_name",
                    "grace_seconds");

    private AuditRules() {}

    /** Whether a route is noted at all. */
    static boolean noted(String method, String route) {
        return !method.equals("GET") || NOTED_READS.contains(route);
    }

    /**
     * Whether an answer is noted: what was done, what was refused, and what failed while it was
     * done. Questions and typing errors are not.
     */
    static boolean noted(int status) {
        return status < 400 || status == 401 || status == 403 || status == 429 || status >= 500;
    }

    /** The act's name: the route's own words, joined by dots. */
    static String action(String route) {
        return String.join(
                ".",
                java.util.Arrays.stream(route.split("/"))
                        .filter(
                                word ->
                                        !word.isEmpty()
                                                && !word.startsWith("{")
                                                && !word.equals("v1")
                                                && !word.equals("organizations"))
                        .toList());
    }

    /** What it was done to. */
    static String subject(Request request) {
        List<String> parts = new ArrayList<>();
        Map<String, String> path = new TreeMap<>(request.pathParameters());
        path.remove(Paths.ORGANIZATION);
        parts.addAll(path.values());
        for (String name : TELLING) {
            String value = String.join(",", request.texts(name));
            if (!value.isEmpty() && !path.containsKey(name)) {
                parts.add(name + "=" + value);
            }
        }
        return bounded(String.join(" ", parts), LONGEST_SUBJECT);
    }

    /** The statement, where there is one. */
    static String detail(Request request) {
        String route = request.route();
        if (route.endsWith("/run_sql") || route.endsWith("/sql")) {
            String plain = request.text("query");
            return StatementShape.of(plain.isEmpty() ? decoded(request) : plain);
        }
        return route.startsWith(Paths.SAVED_QUERIES) || route.startsWith(Paths.SAVED_VIEWS)
                ? StatementShape.of(request.text("sql"))
                : "";
    }

    /** Control characters would let a text pretend to be another line. */
    static String bounded(String text, int limit) {
        String clean = text.replaceAll("\\p{Cntrl}", " ").strip();
        return clean.length() <= limit ? clean : clean.substring(0, limit - 1) + "…";
    }

    private static String decoded(Request request) {
        try {
            return new String(
                    Base64.getUrlDecoder()
                            .decode(request.text("query_base64").replaceAll("=+$", "")),
                    StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            // The endpoint refuses it; nothing was run.
            return "";
        }
    }
}

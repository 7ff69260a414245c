package io.webhookdb.controlplane.api;

import io.javalin.http.Handler;
import java.net.URI;
import java.util.LinkedHashMap;
import java.util.Map;

/** Headers that keep browsers from storing, framing or guessing at answers. */
final class SecurityHeaders {
    private SecurityHeaders() {}

    /** For a public URL; behind https, browsers are told to stay there. */
    static Handler of(URI apiUrl) {
        Map<String, String> headers = new LinkedHashMap<>();
        headers.put("X-Content-Type-Options", "nosniff");
        headers.put("X-Frame-Options", "DENY");
        headers.put("Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'");
        headers.put("Referrer-Policy", "no-referrer");
        headers.put("Cache-Control", "no-store");
        if ("https".equals(apiUrl.getScheme())) {
            headers.put("Strict-Transport-Security", "max-age=31536000");
        }
        return context -> headers.forEach(context::header);
    }
}

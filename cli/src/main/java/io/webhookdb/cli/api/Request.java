package io.webhookdb.cli.api;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * One call of the API. Writes are POST; a GET has no body; a POST without a body has length zero.
 *
 * @param method how it is sent
 * @param target path with query below the API's address, or a complete address
 * @param body what is sent; empty for nothing at all
 * @param authentication whether the stored token goes along
 */
public record Request(
        Method method, String target, Optional<ObjectNode> body, Authentication authentication) {
    /** HTTP method. */
    public enum Method {
        GET,
        POST
    }

    /** Whether the stored token goes along. */
    public enum Authentication {
        IF_LOGGED_IN,
        NEVER
    }

    /** A read of {@code /segment/segment…}; every segment is escaped. */
    public static Request get(String... segments) {
        return new Request(
                Method.GET, path(segments), Optional.empty(), Authentication.IF_LOGGED_IN);
    }

    /** A write of {@code /segment/segment…}, without body; every segment is escaped. */
    public static Request post(String... segments) {
        return new Request(
                Method.POST, path(segments), Optional.empty(), Authentication.IF_LOGGED_IN);
    }

    /** An answer to a question of the server, sent to the place it named. */
    public Request answering(String postTo, ObjectNode answer) {
        return new Request(Method.POST, postTo, Optional.of(answer), authentication);
    }

    /** The same with one more query parameter. */
    public Request query(String name, String value) {
        String separator = target.contains("?") ? "&" : "?";
        return new Request(
                method,
                target + separator + escape(name) + "=" + escape(value),
                body,
                authentication);
    }

    /** The same with this body. */
    public Request with(Fields fields) {
        return new Request(method, target, Optional.of(fields.json()), authentication);
    }

    /** The same without the stored token. */
    public Request anonymous() {
        return new Request(method, target, body, Authentication.NEVER);
    }

    /** Method and path, for messages: no query, no body. */
    public String route() {
        int query = target.indexOf('?');
        return method + " " + (query < 0 ? target : target.substring(0, query));
    }

    private static String path(String... segments) {
        return Arrays.stream(segments)
                .map(Request::escape)
                .collect(Collectors.joining("/", "/", ""));
    }

    private static String escape(String segment) {
        StringBuilder escaped = new StringBuilder();
        for (byte b : segment.getBytes(StandardCharsets.UTF_8)) {
            char c = (char) (b & 0xff);
            if (c < 0x80 && (Character.isLetterOrDigit(c) || "-._~".indexOf(c) >= 0)) {
                escaped.append(c);
            } else {
                escaped.append('%').append(String.format("%02X", (int) c));
            }
        }
        return escaped.toString();
    }
}

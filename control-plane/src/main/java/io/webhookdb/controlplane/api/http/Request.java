package io.webhookdb.controlplane.api.http;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.javalin.http.Context;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipException;

/**
 * What a client sent: path parameters, query parameters and the body's members, in this order of
 * precedence. Strings are trimmed, because terminals send answers with their newline; blank and
 * absent mean the same unless a handler asks {@link #present}.
 */
public final class Request {
    /** Largest accepted body in bytes. */
    public static final int BODY_LIMIT = 1024 * 1024;

    /**
     * Some editors and shells begin a file with it; RFC 8259, section 8.1 lets readers ignore it.
     */
    private static final String BYTE_ORDER_MARK = "\uFEFF";

    private static final char ESCAPE = '\u001b';

    /** ECMA-48, 5.4: CSI, parameters, and a final byte; or a single function key. */
    private static final Pattern CONTROL_SEQUENCE =
            Pattern.compile("\u001b(\\[[0-?]*[ -/]*[@-~]|O[@-~])");

    private final Context context;
    private final Map<String, String> path = new LinkedHashMap<>();
    private final byte[] bytes;
    private final ObjectNode body;
    private Optional<Long> organization = Optional.empty();
    private Optional<Caller> caller = Optional.empty();

    /** The request of this context; its body is read once. */
    static Request of(Context context) {
        Request known = context.attribute(Request.class.getName());
        if (known != null) {
            return known;
        }
        Request request = new Request(context);
        context.attribute(Request.class.getName(), request);
        return request;
    }

    private Request(Context context) {
        this.context = context;
        context.pathParamMap().forEach((name, value) -> path.put(name, value.strip()));
        this.bytes = readLimited(context);
        this.body = object(bytes);
    }

    /** The trimmed text of a parameter; empty if absent, null or no scalar. */
    public String text(String name) {
        String fromPath = path.get(name);
        if (fromPath != null) {
            return fromPath;
        }
        String fromQuery = context.queryParam(name);
        if (fromQuery != null) {
            return fromQuery.strip();
        }
        return typed(body.path(name).asText(""));
    }

    /** Without what terminals add: newlines, arrow keys, and marks around what was pasted. */
    private static String typed(String text) {
        return text.indexOf(ESCAPE) < 0
                ? text.strip()
                : CONTROL_SEQUENCE.matcher(text).replaceAll("").strip();
    }

    /** The text of a parameter, or a 422 that asks for it if it is blank. */
    public String required(String name, Question question) {
        return required(name, question, "");
    }

    /** The same, with an explanation before the question. */
    public String required(String name, Question question, String output) {
        String text = text(name);
        if (text.isEmpty()) {
            throw new PromptException(name, question, output);
        }
        return text;
    }

    /**
     * The trimmed texts of a parameter that is an array, or a text with commas between them; blank
     * ones are left out.
     */
    public List<String> texts(String name) {
        JsonNode member = body.path(name);
        Stream<String> texts =
                member.isArray()
                        ? StreamSupport.stream(member.spliterator(), false)
                                .map(item -> item.asText(""))
                        : Stream.of(text(name).split(","));
        return texts.map(String::strip).filter(text -> !text.isEmpty()).toList();
    }

    /** The texts of a parameter, or a 422 that asks for it if there are none. */
    public List<String> requiredTexts(String name, Question question) {
        List<String> texts = texts(name);
        if (texts.isEmpty()) {
            throw new PromptException(name, question, "");
        }
        return texts;
    }

    /** Whether the body or query has this key, whatever its value. */
    public boolean present(String name) {
        return body.has(name) || context.queryParam(name) != null;
    }

    /**
     * A switch: {@code true} or {@code false}.
     *
     * @param assumed what it is if absent, null or blank
     */
    public boolean flag(String name, boolean assumed) {
        String text = text(name);
        return switch (text) {
            case "" -> assumed;
            case "true" -> true;
            case "false" -> false;
            default -> throw ApiException.validation(name, "must be true or false");
        };
    }

    /**
     * A whole number, also as text; empty if absent, null or blank.
     *
     * @throws ApiException 400 if it is none or out of bounds
     */
    public OptionalInt number(String name, int least, int most) {
        String text = text(name);
        if (text.isEmpty()) {
            return OptionalInt.empty();
        }
        try {
            int number = Integer.parseInt(text);
            if (number >= least && number <= most) {
                return OptionalInt.of(number);
            }
        } catch (NumberFormatException e) {
            // Refused below, like a number out of bounds.
        }
        throw ApiException.validation(name, "must be a whole number from " + least + " to " + most);
    }

    /** A member of the body as it was sent; a missing node if absent. */
    public JsonNode node(String name) {
        return body.path(name);
    }

    /** Whether the body or query has this key with a value that is not null; it may be blank. */
    public boolean given(String name) {
        return body.hasNonNull(name) || context.queryParam(name) != null;
    }

    /** The body as it was sent, byte for byte; a JSON object, or nothing. */
    public byte[] body() {
        return bytes.clone();
    }

    /** A request header, trimmed; empty if absent. */
    public String header(String name) {
        String value = context.header(name);
        return value == null ? "" : value.strip();
    }

    /** A cookie; empty if absent. */
    public String cookie(String name) {
        String value = context.cookie(name);
        return value == null ? "" : value;
    }

    /**
     * Whether a page of another origin had a browser send this, along with whatever cookies the
     * browser adds by itself. Browsers name the page's origin with every POST, and no script can
     * change that (WHATWG Fetch, "`Origin` header"; W3C Fetch Metadata).
     */
    public boolean isOfAnotherPage() {
        String origin = header("Origin");
        if (origin.isEmpty() || header("Sec-Fetch-Site").equals("same-origin")) {
            return false;
        }
        int host = origin.indexOf("://");
        return host < 0 || !origin.substring(host + 3).equalsIgnoreCase(header("Host"));
    }

    /**
     * Fixes the organization's numeric id as its name in {@link #canonicalPath}: names may contain
     * what the path of a step may not.
     */
    public void organizationIs(long id) {
        organization = Optional.of(id);
    }

    /** The organization's numeric id, once it is known. */
    public Optional<Long> organization() {
        return organization;
    }

    /** Notes who this is. */
    public void callerIs(Caller known) {
        caller = Optional.of(known);
    }

    /** Who this is, once it is known. */
    public Optional<Caller> caller() {
        return caller;
    }

    /** HTTP method, in capitals. */
    public String method() {
        return context.method().name();
    }

    /** The path of the route that answers, with the names of its parameters in braces. */
    public String route() {
        return context.endpoint().path;
    }

    /** Path parameters, in the path's order. */
    public Map<String, String> pathParameters() {
        return Map.copyOf(path);
    }

    /** Address of the other end of the connection: the client or the last proxy before it. */
    public String address() {
        return context.ip();
    }

    /**
     * The decoded path of this request. Clients run it through a printf-like formatter, so where it
     * has a percent sign the organization is written as its id.
     */
    String canonicalPath() {
        String decoded = context.path();
        boolean named = path.containsKey(Paths.ORGANIZATION);
        if (!named || organization.isEmpty() || !decoded.contains("%")) {
            return decoded;
        }
        String canonical =
                context.endpoint()
                        .path
                        .replace("{" + Paths.ORGANIZATION + "}", organization.get().toString());
        for (Map.Entry<String, String> parameter : path.entrySet()) {
            canonical = canonical.replace("{" + parameter.getKey() + "}", parameter.getValue());
        }
        return canonical;
    }

    /** Everything received so far, path included: the base of the body that answers a prompt. */
    Map<String, Object> received() {
        Map<String, Object> received = new LinkedHashMap<>();
        body.properties()
                .forEach(
                        member ->
                                received.put(
                                        member.getKey(),
                                        member.getValue().isTextual()
                                                ? typed(member.getValue().asText())
                                                : member.getValue()));
        received.putAll(path);
        return received;
    }

    private static ObjectNode object(byte[] bytes) {
        String text = new String(bytes, StandardCharsets.UTF_8);
        if (text.startsWith(BYTE_ORDER_MARK)) {
            text = text.substring(1);
        }
        if (text.isBlank()) {
            return Json.MAPPER.createObjectNode();
        }
        try {
            JsonNode node = Json.MAPPER.readTree(text);
            if (node instanceof ObjectNode object) {
                return object;
            }
        } catch (JsonProcessingException e) {
            // Answered below; the parser's message would quote the body.
        }
        throw ApiException.invalidInput("The body of the request must be a JSON object.");
    }

    private static byte[] readLimited(Context context) {
        try (InputStream stream = unpacked(context)) {
            byte[] bytes = stream.readNBytes(BODY_LIMIT + 1);
            if (bytes.length > BODY_LIMIT) {
                throw ApiException.of(
                        413,
                        "invalid_input",
                        "The body of the request is larger than " + BODY_LIMIT + " bytes.");
            }
            return bytes;
        } catch (ZipException e) {
            throw ApiException.invalidInput("The body is not gzip, as its Content-Encoding says.");
        } catch (IOException e) {
            throw ApiException.invalidInput("The body of the request ended early.");
        }
    }

    /** The body as it was before its client packed it (RFC 9110, section 8.4.1). */
    private static InputStream unpacked(Context context) throws IOException {
        InputStream sent = context.req().getInputStream();
        String coding = context.header("Content-Encoding");
        return switch (coding == null ? "" : coding.strip().toLowerCase(Locale.ROOT)) {
            case "", "identity" -> sent;
            case "gzip", "x-gzip" -> new GZIPInputStream(sent);
            default ->
                    throw ApiException.of(
                            415,
                            "invalid_input",
                            "The body has the Content-Encoding "
                                    + coding
                                    + ". Allowed: [gzip, identity].");
        };
    }
}

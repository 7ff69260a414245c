package io.webhookdb.security.signature;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.io.IOException;
import java.net.InetAddress;
import java.net.URI;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.UnaryOperator;

/**
 * A request as its proof sees it. Used by one thread.
 *
 * <p>Where nobody said how vendors reach this server there may be several URLs; a signature that is
 * right for one of them is right.
 */
public final class SignedRequest {
    private static final JsonMapper JSON = JsonMapper.builder().build();

    private final String method;
    private final List<String> urls;
    private final UnaryOperator<String> headers;
    private final byte[] body;
    private final InetAddress sender;
    private final Instant arrived;
    private final Function<URI, Optional<byte[]>> fetched;
    private JsonNode tree;

    /**
     * @param method HTTP method
     * @param urls the URL as the vendor knows it, query included; at least one
     * @param headers see {@link SignatureVerifier#verify(UnaryOperator, byte[], Instant)}
     * @param body the bytes as received
     * @param sender address the request comes from; null if it is not known
     * @param arrived when it arrived
     * @param fetched what is at a URL, as far as it was fetched
     */
    public SignedRequest(
            String method,
            List<String> urls,
            UnaryOperator<String> headers,
            byte[] body,
            InetAddress sender,
            Instant arrived,
            Function<URI, Optional<byte[]>> fetched) {
        this.method = method;
        this.urls = List.copyOf(urls);
        this.headers = headers;
        this.body = body;
        this.sender = sender;
        this.arrived = arrived;
        this.fetched = fetched;
    }

    /** A request of which only headers, body and time are known. */
    static SignedRequest of(UnaryOperator<String> headers, byte[] body, Instant arrived) {
        return new SignedRequest(
                "POST", List.of(""), headers, body, null, arrived, url -> Optional.empty());
    }

    String method() {
        return method;
    }

    List<String> urls() {
        return urls;
    }

    UnaryOperator<String> headers() {
        return headers;
    }

    /** A header, or null. */
    String header(String name) {
        return headers.apply(name);
    }

    byte[] body() {
        return body;
    }

    InetAddress sender() {
        return sender;
    }

    Instant arrived() {
        return arrived;
    }

    Optional<byte[]> fetched(URI url) {
        return fetched.apply(url);
    }

    /** The first value of a query parameter, decoded; null if there is none. */
    String parameter(String name) {
        int mark = urls.get(0).indexOf('?');
        if (mark < 0) {
            return null;
        }
        for (String pair : urls.get(0).substring(mark + 1).split("&", -1)) {
            int equals = pair.indexOf('=');
            String key = equals < 0 ? pair : pair.substring(0, equals);
            if (SignedParts.decoded(key).equals(name)) {
                return equals < 0 ? "" : SignedParts.decoded(pair.substring(equals + 1));
            }
        }
        return null;
    }

    /** A scalar of the body that is not null, as text; null if there is none. */
    String text(String pointer) {
        if (tree == null) {
            tree = parsed();
        }
        JsonNode node = tree.at(pointer);
        return node.isValueNode() && !node.isNull() ? node.asText() : null;
    }

    private JsonNode parsed() {
        try {
            JsonNode read = JSON.readTree(body);
            return read == null ? MissingNode.getInstance() : read;
        } catch (JacksonException e) {
            return MissingNode.getInstance();
        } catch (IOException e) {
            throw new IllegalStateException("Bytes in memory cannot be read", e);
        }
    }
}

package io.webhookdb.ingest;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import io.webhookdb.schemas.catalog.Routes;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.UnaryOperator;

/**
 * Where the events of a vendor go that knows one URL for everything: from the root's endpoint to
 * the tables of their kinds. What is sent to the root's own endpoint is its organization's, so the
 * tenant is not asked for. Immutable and thread-safe.
 *
 * @param routes of the root's definition; null: the service has a table of its own
 */
record Routing(Routes routes) {
    private static final JsonMapper JSON = JsonMapper.builder().build();

    /** The services whose tables a request is for; none for most integrations. */
    Set<String> services(UnaryOperator<String> header, byte[] body) {
        if (routes == null) {
            return Set.of();
        }
        Set<String> services = new TreeSet<>(routes.always());
        String kind = value(routes.kind(), header, body);
        String service =
                routes.children().get(kind == null ? String.valueOf(routes.withoutKind()) : kind);
        if (service != null) {
            services.add(service);
        }
        return services;
    }

    private static String value(Routes.Key key, UnaryOperator<String> header, byte[] body) {
        if (key == null) {
            return null;
        }
        String whole = key.header() != null ? header.apply(key.header()) : text(key.body(), body);
        return whole == null ? null : key.part().of(whole).orElse(null);
    }

    private static String text(String pointer, byte[] body) {
        JsonNode node = parsed(body).at(pointer);
        return node.isValueNode() && !node.isNull() ? node.asText() : null;
    }

    private static JsonNode parsed(byte[] body) {
        try {
            JsonNode read = JSON.readTree(body);
            return read == null ? MissingNode.getInstance() : read;
        } catch (JacksonException e) {
            return MissingNode.getInstance();
        } catch (IOException e) {
            throw new UncheckedIOException("Bytes in memory cannot be read", e);
        }
    }
}

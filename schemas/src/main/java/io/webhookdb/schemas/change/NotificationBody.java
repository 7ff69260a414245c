package io.webhookdb.schemas.change;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.webhookdb.schemas.catalog.ColumnType;
import io.webhookdb.schemas.catalog.RemoteKey;
import java.io.ByteArrayOutputStream;
import java.math.BigInteger;

/**
 * What is posted for a change. The keys {@code service_name, table_name, row, external_id} and
 * {@code external_id_column} are those WebhookDB always sent; the others came later. {@code
 * row.data} is the resource itself as JSON, and not the JSON text that the first WebhookDB put
 * there: a receiver that wants to serve both accepts either.
 */
public final class NotificationBody {
    private static final JsonMapper MAPPER = new JsonMapper();
    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

    private NotificationBody() {}

    /**
     * The body that announces a change.
     *
     * @param key the remote key of the service; null if its definition is not known
     */
    public static byte[] of(RowChange change, RemoteKey key) {
        return of(change, key, RowForm.OBJECT);
    }

    /**
     * The same, with {@code row.data} in another form.
     *
     * @param key as above
     */
    public static byte[] of(RowChange change, RemoteKey key, RowForm form) {
        ObjectNode body = NODES.objectNode();
        body.put("id", change.id());
        body.put("type", "row." + type(change.op()));
        body.put("timestamp", change.committedAt());
        body.put("service_name", change.service());
        body.put("table_name", change.table());
        ObjectNode row = body.putObject("row");
        change.row().forEach(row::set);
        if (change.data() != null) {
            row.set("data", form == RowForm.TEXT ? text(change.data()) : change.data());
        }
        body.set("external_id", externalId(change, key));
        body.put("external_id_column", key == null ? null : key.column());
        body.put("version", change.version());
        if (change.previous() != null) {
            ObjectNode previous = body.putObject("previous");
            change.previous().forEach(previous::set);
        }
        if (change.truncated()) {
            body.put("truncated", true);
        }
        return bytes(body);
    }

    /**
     * The body of a test event.
     *
     * @param externalId twelve hexadecimal characters
     * @param at ISO-8601 time
     */
    public static byte[] test(String id, String externalId, String at) {
        ObjectNode body = NODES.objectNode();
        body.put("id", id);
        body.put("type", "test");
        body.put("timestamp", at);
        body.put("service_name", "test service");
        body.put("table_name", "test_table_name");
        body.putObject("row").putArray("data").add("alpha").add("beta").add("charlie").add("delta");
        body.put("external_id", externalId);
        body.put("external_id_column", "external_id");
        return bytes(body);
    }

    /** The body as GitHub's repository dispatch takes it. */
    public static byte[] dispatch(byte[] body) {
        ByteArrayOutputStream wrapped = new ByteArrayOutputStream(body.length + 64);
        wrapped.writeBytes("{\"event_type\":\"webhook\",\"client_payload\":".getBytes(UTF_8));
        wrapped.writeBytes(body);
        wrapped.write('}');
        return wrapped.toByteArray();
    }

    private static String type(RowChange.Op op) {
        return switch (op) {
            case INSERT -> "inserted";
            case UPDATE -> "updated";
            case DELETE -> "deleted";
        };
    }

    /** As the column holds it; a row that lost its columns still has its key as text. */
    private static JsonNode externalId(RowChange change, RemoteKey key) {
        JsonNode value = key == null ? null : change.row().get(key.column());
        if (value != null && !value.isNull()) {
            return value;
        }
        boolean number = key != null && isWhole(key.type());
        return number && change.remoteKey().matches("-?\\d{1,30}")
                ? NODES.numberNode(new BigInteger(change.remoteKey()))
                : NODES.textNode(change.remoteKey());
    }

    private static JsonNode text(JsonNode data) {
        return NODES.textNode(data.toString());
    }

    private static boolean isWhole(ColumnType type) {
        return type == ColumnType.BIGINT || type == ColumnType.INTEGER;
    }

    private static byte[] bytes(ObjectNode body) {
        try {
            return MAPPER.writeValueAsBytes(body);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("A tree of JSON can be written", e);
        }
    }
}

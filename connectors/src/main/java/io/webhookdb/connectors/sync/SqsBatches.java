package io.webhookdb.connectors.sync;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.webhookdb.security.connection.SqsUrl;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;

/**
 * Cuts a page into requests of SendMessageBatch: at most ten messages, at most 256 KiB in all
 * (Amazon SQS Developer Guide, Message quotas). A row that is larger alone goes without the
 * resource. In a FIFO queue each row is a group of its own, and the same content sent twice within
 * five minutes is one message.
 */
final class SqsBatches {
    static final int MOST_MESSAGES = 10;
    static final int MOST_BYTES = 256 << 10;

    private static final JsonMapper JSON = new JsonMapper();

    private final SqsUrl queue;

    SqsBatches(SqsUrl queue) {
        this.queue = queue;
    }

    /**
     * Bodies of requests, UTF-8 JSON.
     *
     * @throws SyncException poison, if a row alone is too large
     */
    List<byte[]> of(SyncPage page) throws SyncException {
        List<byte[]> batches = new ArrayList<>();
        ArrayNode entries = JSON.createArrayNode();
        int bytes = 0;
        for (SyncRow row : page.rows()) {
            byte[] body = body(page.table(), row);
            if (entries.size() == MOST_MESSAGES || bytes + body.length > MOST_BYTES) {
                batches.add(request(entries));
                entries = JSON.createArrayNode();
                bytes = 0;
            }
            entries.add(entry(entries.size(), page.table(), row, body));
            bytes += body.length;
        }
        if (!entries.isEmpty()) {
            batches.add(request(entries));
        }
        return batches;
    }

    private static byte[] body(SyncTable table, SyncRow row) throws SyncException {
        byte[] whole = RowEnvelope.of(table, row);
        if (whole.length <= MOST_BYTES) {
            return whole;
        }
        byte[] truncated = RowEnvelope.truncated(table, row);
        if (truncated.length > MOST_BYTES) {
            throw new SyncException(
                    SyncFailure.POISON,
                    "A row has "
                            + truncated.length
                            + " bytes without its resource; SQS takes at most "
                            + MOST_BYTES
                            + ".");
        }
        return truncated;
    }

    private ObjectNode entry(int number, SyncTable table, SyncRow row, byte[] body) {
        ObjectNode entry =
                JSON.createObjectNode()
                        .put("Id", Integer.toString(number))
                        .put("MessageBody", new String(body, UTF_8));
        if (queue.isFifo()) {
            entry.put(
                    "MessageGroupId",
                    digest((table.integration() + "/" + row.key()).getBytes(UTF_8)));
            entry.put("MessageDeduplicationId", digest(body));
        }
        return entry;
    }

    private byte[] request(ArrayNode entries) {
        ObjectNode request = JSON.createObjectNode().put("QueueUrl", queue.queueUrl());
        request.set("Entries", entries);
        return request.toString().getBytes(UTF_8);
    }

    private static String digest(byte[] bytes) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every Java has SHA-256", e);
        }
    }
}

package io.webhookdb.benchmarks.jmh;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.webhookdb.schemas.event.Event;
import io.webhookdb.schemas.row.RowUpdate;
import io.webhookdb.schemas.row.Version;
import java.io.IOException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.Arrays;

/**
 * The peer of the mapping by definition: what somebody would write who knew that only Stripe
 * charges come. One pass, names compared by switch, the same row with the same hashes.
 */
final class HandTunedCharge {
    private static final JsonFactory FACTORY = new JsonFactory();

    private long created;
    private String eventId;
    private String key;
    private final String[] cells = new String[10];
    private int from;
    private int to;

    RowUpdate parse(Event event) throws IOException, NoSuchAlgorithmException {
        byte[] body = event.body();
        Arrays.fill(cells, null);
        try (JsonParser parser = FACTORY.createParser(body)) {
            parser.nextToken();
            while (parser.nextToken() != JsonToken.END_OBJECT) {
                String name = parser.currentName();
                parser.nextToken();
                switch (name) {
                    case "id" -> eventId = parser.getText();
                    case "created" -> created = parser.getLongValue();
                    case "data" -> data(parser);
                    default -> parser.skipChildren();
                }
            }
        }
        cells[9] = Instant.ofEpochSecond(created).toString();
        byte[] data = Arrays.copyOfRange(body, from, to);
        return new RowUpdate(
                1,
                event.integration(),
                1,
                "charge",
                key,
                new Version(created * 1_000_000, Version.Rank.PUSH, event.id()),
                RowUpdate.Operation.UPSERT,
                digest(data),
                digest(eventId.getBytes(java.nio.charset.StandardCharsets.UTF_8)),
                event.receivedAtMicros(),
                cells.clone(),
                data);
    }

    private static byte[] digest(byte[] bytes) throws NoSuchAlgorithmException {
        return Arrays.copyOf(MessageDigest.getInstance("SHA-256").digest(bytes), 16);
    }

    private void data(JsonParser parser) throws IOException {
        while (parser.nextToken() != JsonToken.END_OBJECT) {
            boolean object = parser.currentName().equals("object");
            parser.nextToken();
            if (object) {
                from = (int) parser.currentTokenLocation().getByteOffset();
                charge(parser);
                to = (int) parser.currentLocation().getByteOffset();
            } else {
                parser.skipChildren();
            }
        }
    }

    private void charge(JsonParser parser) throws IOException {
        while (parser.nextToken() != JsonToken.END_OBJECT) {
            String name = parser.currentName();
            parser.nextToken();
            switch (name) {
                case "id" -> key = parser.getText();
                case "amount" -> cells[0] = parser.getText();
                case "balance_transaction" -> cells[1] = text(parser);
                case "billing_details" -> cells[2] = member(parser, "email");
                case "created" ->
                        cells[3] = Instant.ofEpochSecond(parser.getLongValue()).toString();
                case "customer" -> cells[4] = text(parser);
                case "invoice" -> cells[5] = text(parser);
                case "payment_method_details" -> cells[6] = member(parser, "type");
                case "receipt_email" -> cells[7] = text(parser);
                case "status" -> cells[8] = text(parser);
                default -> parser.skipChildren();
            }
        }
    }

    private static String member(JsonParser parser, String wanted) throws IOException {
        String found = null;
        while (parser.nextToken() != JsonToken.END_OBJECT) {
            boolean it = parser.currentName().equals(wanted);
            parser.nextToken();
            if (it) {
                found = text(parser);
            } else {
                parser.skipChildren();
            }
        }
        return found;
    }

    private static String text(JsonParser parser) throws IOException {
        return parser.currentToken() == JsonToken.VALUE_NULL ? null : parser.getText();
    }
}

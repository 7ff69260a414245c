package io.webhookdb.schemas.row;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonPointer;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.exc.StreamReadException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Reads a fixed set of places out of JSON documents in one streaming pass each, without building a
 * tree. Scalars are kept as text, objects and arrays as the span of bytes they stand in. Where a
 * name is repeated the last one counts, as in {@code jsonb}.
 *
 * <p>Not thread-safe: the result of the last scan lives in the scanner.
 */
final class JsonScanner {
    /** Deeper or longer documents are refused by the parser, before Postgres would. */
    private static final JsonFactory FACTORY =
            JsonFactory.builder()
                    .streamReadConstraints(
                            StreamReadConstraints.builder()
                                    .maxNestingDepth(1_000)
                                    .maxStringLength(64 * 1024 * 1024)
                                    .maxNumberLength(10_000)
                                    .build())
                    .disable(JsonFactory.Feature.CHARSET_DETECTION)
                    .build();

    private final Node root = new Node();
    private final Map<String, Integer> slots = new HashMap<>();
    private JsonToken[] kinds = new JsonToken[0];
    private String[] texts = new String[0];
    private int[] starts = new int[0];
    private int[] ends = new int[0];
    private long scan;

    /** Registers a place before the first scan. The same pointer gets the same slot. */
    int slot(String pointer) {
        return slots.computeIfAbsent(pointer, this::newSlot);
    }

    private int newSlot(String pointer) {
        int slot = slots.size();
        Node node = root;
        node.subtree.add(slot);
        for (JsonPointer rest = JsonPointer.compile(pointer); !rest.matches(); rest = rest.tail()) {
            node = node.children.computeIfAbsent(rest.getMatchingProperty(), name -> new Node());
            node.subtree.add(slot);
        }
        node.own.add(slot);
        return slot;
    }

    /**
     * Scans one document, which must be one JSON value in UTF-8.
     *
     * @throws IOException if it is not; the message holds no part of the document
     */
    void scan(byte[] document, int offset, int length) throws IOException {
        int size = slots.size();
        if (texts.length != size) {
            kinds = new JsonToken[size];
            texts = new String[size];
            starts = new int[size];
            ends = new int[size];
            root.freeze();
        } else {
            Arrays.fill(kinds, null);
            Arrays.fill(texts, null);
        }
        scan++;
        try (JsonParser parser = FACTORY.createParser(document, offset, length)) {
            if (parser.nextToken() == null) {
                throw new IOException("the body is empty");
            }
            value(parser, root);
            if (parser.nextToken() != null) {
                throw new IOException("text follows the JSON value");
            }
        } catch (StreamReadException e) {
            throw new IOException(describe(e), e);
        }
    }

    /**
     * A piece of a document.
     *
     * @param from first byte
     * @param to byte after the last
     */
    record Span(int from, int to) {}

    /** The objects in the array at {@code document[from, to)}; other elements are left out. */
    static List<Span> elements(byte[] document, int from, int to) throws IOException {
        List<Span> spans = new ArrayList<>();
        try (JsonParser parser = FACTORY.createParser(document, from, to - from)) {
            parser.nextToken();
            while (parser.nextToken() != JsonToken.END_ARRAY) {
                int start = from + (int) parser.currentTokenLocation().getByteOffset();
                boolean object = parser.currentToken() == JsonToken.START_OBJECT;
                parser.skipChildren();
                if (object) {
                    spans.add(
                            new Span(start, from + (int) parser.currentLocation().getByteOffset()));
                }
            }
        }
        return spans;
    }

    private void value(JsonParser parser, Node node) throws IOException {
        JsonToken token = parser.currentToken();
        if (node.seen == scan) {
            // The name is repeated: what stood there before does not count.
            for (int slot : node.slotsBelow) {
                kinds[slot] = null;
            }
        }
        node.seen = scan;
        int[] own = node.slots;
        if (token.isScalarValue()) {
            String text = own.length == 0 ? null : parser.getText();
            for (int slot : own) {
                kinds[slot] = token;
                texts[slot] = text;
            }
            return;
        }
        int start = own.length == 0 ? 0 : (int) parser.currentTokenLocation().getByteOffset();
        if (node.children.isEmpty()) {
            parser.skipChildren();
        } else if (token == JsonToken.START_OBJECT) {
            while (parser.nextToken() != JsonToken.END_OBJECT) {
                child(parser, node.children.get(parser.currentName()));
            }
        } else {
            for (int index = 0; parser.nextToken() != JsonToken.END_ARRAY; index++) {
                element(parser, node.children.get(Integer.toString(index)));
            }
        }
        if (own.length > 0) {
            int end = (int) parser.currentLocation().getByteOffset();
            for (int slot : own) {
                kinds[slot] = token;
                starts[slot] = start;
                ends[slot] = end;
            }
        }
    }

    private void child(JsonParser parser, Node node) throws IOException {
        parser.nextToken();
        element(parser, node);
    }

    private void element(JsonParser parser, Node node) throws IOException {
        if (node == null) {
            parser.skipChildren();
        } else {
            value(parser, node);
        }
    }

    /** Whether anything, also null, stands at the place. */
    boolean present(int slot) {
        return kinds[slot] != null;
    }

    /** Token that begins the value at the place; null if there is none. */
    JsonToken kind(int slot) {
        return kinds[slot];
    }

    /** Text of the scalar at the place: decoded string, number as written, {@code true}. */
    String text(int slot) {
        return texts[slot];
    }

    /** Text of a scalar that is not null, else null. */
    String scalar(int slot) {
        JsonToken kind = kinds[slot];
        return kind == null || !kind.isScalarValue() || kind == JsonToken.VALUE_NULL
                ? null
                : texts[slot];
    }

    /** First byte of the object or array at the place, relative to the scanned offset. */
    int start(int slot) {
        return starts[slot];
    }

    /** Byte after the object or array at the place, relative to the scanned offset. */
    int end(int slot) {
        return ends[slot];
    }

    /** What the parser says without quoting the document. */
    private static String describe(StreamReadException e) {
        String kind =
                e.getClass().getSimpleName().startsWith("StreamConstraints")
                        ? "it exceeds the limits on nesting, strings or numbers"
                        : "it is not well-formed";
        return kind + " (at byte " + e.getLocation().getByteOffset() + ")";
    }

    private static final class Node {
        private final Map<String, Node> children = new HashMap<>();
        private final List<Integer> own = new ArrayList<>(1);
        private final List<Integer> subtree = new ArrayList<>();
        private int[] slots = {};
        private int[] slotsBelow = {};
        private long seen;

        /** Boxed numbers are for building; scanning reads plain ones. */
        void freeze() {
            slots = own.stream().mapToInt(Integer::intValue).toArray();
            slotsBelow = subtree.stream().mapToInt(Integer::intValue).toArray();
            children.values().forEach(Node::freeze);
        }
    }
}

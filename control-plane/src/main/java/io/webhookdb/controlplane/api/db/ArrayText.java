package io.webhookdb.controlplane.api.db;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/** Reads arrays as Postgres writes them (PostgreSQL manual, 8.15.6). */
final class ArrayText {
    private final String text;
    private final char delimiter;
    private final Function<String, Object> element;
    private int at;

    private ArrayText(String text, char delimiter, Function<String, Object> element) {
        this.text = text;
        this.delimiter = delimiter;
        this.element = element;
    }

    /**
     * The elements; lists of them where there are several dimensions, null for NULL.
     *
     * @param text an array, or int2vector and oidvector, which have blanks between their elements
     */
    static Object parse(String text, char delimiter, Function<String, Object> element) {
        int begin = text.indexOf('{');
        if (begin < 0) {
            return text;
        }
        ArrayText reader = new ArrayText(text, delimiter, element);
        // Before it may be bounds that do not begin at 1.
        reader.at = begin;
        return reader.list();
    }

    private List<Object> list() {
        List<Object> list = new ArrayList<>();
        at++;
        while (text.charAt(at) != '}') {
            if (text.charAt(at) == delimiter) {
                at++;
            }
            list.add(one());
        }
        at++;
        return list;
    }

    private Object one() {
        char first = text.charAt(at);
        if (first == '{') {
            return list();
        }
        boolean quoted = first == '"';
        StringBuilder one = new StringBuilder();
        for (at += quoted ? 1 : 0; quoted ? text.charAt(at) != '"' : !ends(); at++) {
            if (text.charAt(at) == '\\') {
                at++;
            }
            one.append(text.charAt(at));
        }
        at += quoted ? 1 : 0;
        return !quoted && one.toString().equals("NULL") ? null : element.apply(one.toString());
    }

    private boolean ends() {
        return text.charAt(at) == delimiter || text.charAt(at) == '}';
    }
}

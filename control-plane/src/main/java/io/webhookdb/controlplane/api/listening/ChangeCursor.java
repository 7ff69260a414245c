package io.webhookdb.controlplane.api.listening;

import io.webhookdb.controlplane.api.http.ApiException;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Where a listener is in the change log.
 *
 * @param next offset to be read next, by partition
 */
record ChangeCursor(Map<Integer, Long> next) {
    private static final Pattern FORM = Pattern.compile("\\d{1,5}:\\d{1,18}(,\\d{1,5}:\\d{1,18})*");

    ChangeCursor {
        next = new TreeMap<>(next);
    }

    /**
     * Reads {@link #text}.
     *
     * @throws ApiException 400 if it is none
     */
    static ChangeCursor parse(String text) {
        if (!FORM.matcher(text).matches()) {
            throw ApiException.validation("after", "must be the id of an earlier event");
        }
        Map<Integer, Long> next = new TreeMap<>();
        for (String part : text.split(",")) {
            int colon = part.indexOf(':');
            next.put(
                    Integer.parseInt(part.substring(0, colon)),
                    Long.parseLong(part.substring(colon + 1)));
        }
        return new ChangeCursor(next);
    }

    /** {@code partition:offset} with commas between. */
    String text() {
        return next.entrySet().stream()
                .map(part -> part.getKey() + ":" + part.getValue())
                .collect(Collectors.joining(","));
    }
}

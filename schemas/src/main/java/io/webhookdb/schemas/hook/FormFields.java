package io.webhookdb.schemas.hook;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Fields of forms; of a repeated name the last counts. */
final class FormFields {
    private static final Pattern BOUNDARY = Pattern.compile("boundary=\"?([^\";]{1,70})\"?");
    private static final Pattern NAME =
            Pattern.compile(
                    "content-disposition:[^\\r\\n]*;\\s*name=\"([^\"\\r\\n]*)\"",
                    Pattern.CASE_INSENSITIVE);

    /** Headers of a part are short; longer ones are no headers. */
    private static final int LONGEST_HEADERS = 2000;

    private static final JsonMapper JSON = JsonMapper.builder().build();

    private FormFields() {}

    /** Of a query or an urlencoded form. */
    static Map<String, String> of(String form) {
        Map<String, String> fields = new LinkedHashMap<>();
        for (String pair : form.strip().split("&", -1)) {
            if (!pair.isEmpty()) {
                int equals = pair.indexOf('=');
                fields.put(
                        decoded(equals < 0 ? pair : pair.substring(0, equals)),
                        equals < 0 ? "" : decoded(pair.substring(equals + 1)));
            }
        }
        return fields;
    }

    /**
     * Of a form as the content type says: multipart (RFC 7578) or urlencoded. A form that somebody
     * sends as a JSON object of texts is one, too.
     */
    static Map<String, String> of(String contentType, byte[] body) {
        String text = new String(body, StandardCharsets.UTF_8);
        if (contentType.startsWith("application/json") && text.stripLeading().startsWith("{")) {
            return ofObject(text);
        }
        Matcher boundary = BOUNDARY.matcher(contentType);
        if (!contentType.startsWith("multipart/form-data") || !boundary.find()) {
            return of(text);
        }
        Map<String, String> fields = new LinkedHashMap<>();
        for (String part : text.split(Pattern.quote("--" + boundary.group(1)), -1)) {
            int end = part.indexOf("\r\n\r\n");
            if (end < 0 || end > LONGEST_HEADERS) {
                continue;
            }
            Matcher name = NAME.matcher(part.substring(0, end));
            if (name.find()) {
                String value = part.substring(end + 4);
                fields.put(
                        name.group(1),
                        value.endsWith("\r\n") ? value.substring(0, value.length() - 2) : value);
            }
        }
        return fields;
    }

    private static String decoded(String text) {
        try {
            return URLDecoder.decode(text, StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            return text;
        }
    }

    private static Map<String, String> ofObject(String json) {
        Map<String, String> fields = new LinkedHashMap<>();
        try {
            JSON.readTree(json)
                    .properties()
                    .forEach(
                            field ->
                                    fields.put(
                                            field.getKey(),
                                            field.getValue().isValueNode()
                                                    ? field.getValue().asText()
                                                    : field.getValue().toString()));
        } catch (JsonProcessingException e) {
            return of(json);
        }
        return fields;
    }
}

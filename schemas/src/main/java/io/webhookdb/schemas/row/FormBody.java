package io.webhookdb.schemas.row;

import com.fasterxml.jackson.core.io.JsonStringEncoder;
import java.nio.charset.StandardCharsets;

/**
 * Reads {@code application/x-www-form-urlencoded} bodies as flat JSON objects of text, so that
 * everything after works on one form. A repeated name is repeated; the last counts.
 */
final class FormBody {
    private static final String FORM = "application/x-www-form-urlencoded";

    private FormBody() {}

    /** Whether a request with that Content-Type, with or without parameters, is a form. */
    static boolean isForm(String contentType) {
        return contentType != null && contentType.regionMatches(true, 0, FORM, 0, FORM.length());
    }

    /**
     * The same of a vendor that writes JSON and was told to send forms: the document in the only
     * field there is. GitHub calls it {@code payload} ("Creating webhooks", content type), and so
     * does Slack.
     */
    static byte[] document(byte[] body) {
        if (isJson(body)) {
            return body;
        }
        String form = new String(body, StandardCharsets.UTF_8).strip();
        int equals = form.indexOf('=');
        if (equals > 0 && form.indexOf('&') < 0) {
            byte[] only = decoded(form.substring(equals + 1)).getBytes(StandardCharsets.UTF_8);
            if (only.length > 0 && isJson(only)) {
                return only;
            }
        }
        return object(form);
    }

    /** The body as JSON in UTF-8; a body that is JSON already (a fetched object) stays. */
    static byte[] json(byte[] body) {
        return isJson(body) ? body : object(new String(body, StandardCharsets.UTF_8));
    }

    /** Neither bracket can start a form body: senders must escape both. */
    private static boolean isJson(byte[] body) {
        for (byte b : body) {
            if (b != ' ' && b != '\n' && b != '\r' && b != '\t') {
                return b == '{' || b == '[';
            }
        }
        return true;
    }

    private static byte[] object(String form) {
        StringBuilder json = new StringBuilder(form.length() + 64).append('{');
        for (String pair : form.strip().split("&", -1)) {
            if (pair.isEmpty()) {
                continue;
            }
            int equals = pair.indexOf('=');
            if (json.length() > 1) {
                json.append(',');
            }
            quote(equals < 0 ? pair : pair.substring(0, equals), json);
            json.append(':');
            quote(equals < 0 ? "" : pair.substring(equals + 1), json);
        }
        return json.append('}').toString().getBytes(StandardCharsets.UTF_8);
    }

    private static void quote(String encoded, StringBuilder json) {
        json.append('"');
        JsonStringEncoder.getInstance().quoteAsString(decoded(encoded), json);
        json.append('"');
    }

    /** A percent sign without two hex digits stands for itself, as in browsers. */
    private static String decoded(String text) {
        byte[] in = text.getBytes(StandardCharsets.UTF_8);
        byte[] out = new byte[in.length];
        int length = 0;
        for (int i = 0; i < in.length; i++) {
            if (in[i] == '+') {
                out[length++] = ' ';
            } else if (in[i] == '%' && i + 2 < in.length && digit(in[i + 1]) && digit(in[i + 2])) {
                out[length++] =
                        (byte)
                                (Character.digit(in[i + 1], 16) << 4
                                        | Character.digit(in[i + 2], 16));
                i += 2;
            } else {
                out[length++] = in[i];
            }
        }
        return new String(out, 0, length, StandardCharsets.UTF_8);
    }

    private static boolean digit(byte b) {
        return Character.digit(b, 16) >= 0;
    }
}

package io.webhookdb.controlplane.api.audit;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a statement asks for, without the values it asks with: those may be personal, and a log is
 * kept longer than rows. Literals become question marks, comments and layout go.
 */
final class StatementShape {
    /** Longest text kept. */
    static final int LIMIT = 2_000;

    /** Longest text looked at; statements are bounded by the size of a request. */
    private static final int READ = 20_000;

    private static final Pattern TOKENS =
            Pattern.compile(
                    "(?<quoted>\"(?:[^\"]|\"\")*+(?:\"|$))"
                            + "|(?<comment>--[^\\n]*+|/\\*.*?(?:\\*/|$))"
                            + "|(?<escaped>\\b[eE]'(?:[^'\\\\]|''|\\\\.)*+(?:'|$))"
                            + "|(?<text>(?:\\b[bBxXnN]|\\b[uU]&)?'(?:[^']|'')*+(?:'|$))"
                            + "|(?<dollar>\\$(?<tag>\\w*)\\$.*?(?:\\$\\k<tag>\\$|$))"
                            + "|(?<name>[A-Za-z_]\\w*+)"
                            + "|(?<number>\\d[\\w.]*+)"
                            + "|(?<space>\\s++)",
                    Pattern.DOTALL);

    private StatementShape() {}

    /** The statement without values, at most {@value #LIMIT} characters. */
    static String of(String sql) {
        String read = sql.substring(0, Math.min(sql.length(), READ));
        StringBuilder shape = new StringBuilder();
        Matcher tokens = TOKENS.matcher(read);
        while (tokens.find()) {
            String kept;
            if (tokens.group("quoted") != null || tokens.group("name") != null) {
                kept = tokens.group();
            } else if (tokens.group("comment") != null || tokens.group("space") != null) {
                kept = " ";
            } else {
                kept = "?";
            }
            tokens.appendReplacement(shape, Matcher.quoteReplacement(kept));
        }
        tokens.appendTail(shape);
        String text = shape.toString().replaceAll(" {2,}", " ").strip();
        return text.length() <= LIMIT ? text : text.substring(0, LIMIT - 1) + "…";
    }
}

package io.webhookdb.cli.output;

/**
 * Text made safe for a terminal. Cells come from webhooks, so from strangers: an escape sequence in
 * them must be seen, not obeyed.
 */
public final class Printable {
    private Printable() {}

    /** The text with every control character but tab and newline written as {@code \\u001b}. */
    public static String text(String text) {
        StringBuilder safe = null;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            boolean hidden = Character.isISOControl(c) && c != '\n' && c != '\t' || isBidi(c);
            if (hidden && safe == null) {
                safe = new StringBuilder(text.substring(0, i));
            }
            if (safe != null) {
                safe.append(hidden ? String.format("\\u%04x", (int) c) : String.valueOf(c));
            }
        }
        return safe == null ? text : safe.toString();
    }

    /** Reorders what follows on the screen, so that it reads as something else. */
    private static boolean isBidi(char c) {
        return c >= '\u202a' && c <= '\u202e' || c >= '\u2066' && c <= '\u2069';
    }
}

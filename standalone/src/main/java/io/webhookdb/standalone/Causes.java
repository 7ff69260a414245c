package io.webhookdb.standalone;

/** Says why something failed, from the outermost message to the innermost. */
final class Causes {
    private Causes() {}

    static String told(Throwable failure) {
        StringBuilder text = new StringBuilder();
        String last = "";
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            String message =
                    cause.getMessage() == null
                            ? cause.getClass().getSimpleName()
                            : cause.getMessage();
            if (!last.contains(message)) {
                text.append(text.isEmpty() ? "" : "\n  because: ").append(message);
                last = message;
            }
        }
        return text.toString();
    }
}

package io.webhookdb.connectors.statefun;

/**
 * Where a function's state lives.
 *
 * @param typename {@code namespace/name}
 * @param id any text
 * @param text both, as {@link FunctionMessage#address()} gives them
 */
record FunctionAddress(String typename, String id, String text) {

    FunctionAddress(String typename, String id) {
        this(typename, id, text(typename, id));
    }

    static String text(String typename, String id) {
        return typename + "/" + id;
    }

    /** The address of {@link #text}. */
    static FunctionAddress of(String text) {
        int end = text.indexOf('/', text.indexOf('/') + 1);
        return new FunctionAddress(text.substring(0, end), text.substring(end + 1), text);
    }

    static void requireTypename(String typename) {
        int slash = typename.indexOf('/');
        if (slash < 1 || slash == typename.length() - 1 || typename.indexOf('/', slash + 1) >= 0) {
            throw new IllegalArgumentException(
                    "Function typename \"" + typename + "\": expected namespace/name");
        }
    }

    String namespace() {
        return typename.substring(0, typename.indexOf('/'));
    }

    String name() {
        return typename.substring(typename.indexOf('/') + 1);
    }
}

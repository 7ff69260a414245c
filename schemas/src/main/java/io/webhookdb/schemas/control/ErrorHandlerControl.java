package io.webhookdb.schemas.control;

/**
 * Where an organization wants to be told of an integration's troubles.
 *
 * @param id opaque id, {@code oeh_...}
 * @param organization numeric id of its organization
 * @param revision grows with every change
 * @param state active or deleted
 * @param urlCiphertext base64, the URL, which may hold a key, encrypted for the
 *     <em>connections</em> keyset under {@link #urlContext(String)}
 */
public record ErrorHandlerControl(
        String id, long organization, long revision, State state, String urlCiphertext)
        implements ControlRecord {

    /** Associated data under which {@link #urlCiphertext()} is encrypted. */
    public static String urlContext(String handler) {
        return "error_handler/" + handler + "/url";
    }

    @Override
    public String key() {
        return "error_handler/" + id;
    }

    /** Never prints the URL, not even encrypted. */
    @Override
    public String toString() {
        return "ErrorHandlerControl[" + id + " r" + revision + " " + state + "]";
    }
}

package io.webhookdb.controlplane.api.http;

import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * A request that cannot be answered as asked. Becomes the error envelope; its message is shown to
 * the person at the terminal as it is.
 */
public final class ApiException extends RuntimeException {
    private final int status;
    private final String code;
    private final transient Map<String, List<String>> fieldErrors;

    private ApiException(
            int status, String code, String message, Map<String, List<String>> fieldErrors) {
        super(message, null, false, false);
        this.status = status;
        this.code = code;
        this.fieldErrors = fieldErrors;
    }

    /** Any status and code of the contract. */
    public static ApiException of(int status, String code, String message) {
        return new ApiException(status, code, message, Map.of());
    }

    /** 401: no session, or an ended one. */
    public static ApiException unauthenticated() {
        return of(401, "unauthenticated", "You are not logged in. Run `webhookdb auth login`.");
    }

    /** 403: the entity does not exist for this person, or their role does not allow it. */
    public static ApiException permission(String message) {
        return of(403, "permission_check", message);
    }

    /** 400 of one field: a conversation asks again if the field is the one it asked for. */
    public static ApiException validation(String field, String problem) {
        return validation(
                field, problem, capitalized(field.replace('_', ' ')) + " " + problem + ".");
    }

    /** The same, with a sentence of its own for the person. */
    public static ApiException validation(String field, String problem, String message) {
        return new ApiException(400, "validation_error", message, Map.of(field, List.of(problem)));
    }

    /** 400 without a field: a conversation ends. */
    public static ApiException invalidInput(String message) {
        return of(400, "invalid_input", message);
    }

    /** HTTP status. */
    public int status() {
        return status;
    }

    /** Machine code. */
    public String code() {
        return code;
    }

    /** Problems by field; empty if no field is to blame. */
    public Map<String, List<String>> fieldErrors() {
        return fieldErrors;
    }

    private static String capitalized(String text) {
        return text.substring(0, 1).toUpperCase(Locale.ROOT) + text.substring(1);
    }
}

package io.webhookdb.schemas.change;

import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Locale;

/** Form of {@code row.data} in a notification. Words are part of the public format. */
public enum RowForm {
    /** The resource as JSON. */
    OBJECT,
    /** JSON text in a JSON string, as the first WebhookDB sent it. */
    TEXT;

    /** Lower-case word. */
    @JsonValue
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }
}

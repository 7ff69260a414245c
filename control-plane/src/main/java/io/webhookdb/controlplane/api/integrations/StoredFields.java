package io.webhookdb.controlplane.api.integrations;

import io.webhookdb.schemas.catalog.Setup.StoredField;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** The words of the contract for what prompts fill. */
final class StoredFields {
    private StoredFields() {}

    static String word(StoredField field) {
        return field.name().toLowerCase(Locale.ROOT);
    }

    static Optional<StoredField> of(String word) {
        return Arrays.stream(StoredField.values())
                .filter(field -> word(field).equals(word))
                .findFirst();
    }

    static List<String> words() {
        return Arrays.stream(StoredField.values()).map(StoredFields::word).toList();
    }
}

package io.webhookdb.controlplane.provisioner.rotation;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.webhookdb.security.keyset.Keyset;
import io.webhookdb.security.keyset.KeysetEditor;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;

/** What a rotation does to each keyset. */
record KeyChanges(Map<Keyset, KeyChange> of) {
    private static final JsonMapper MAPPER = new JsonMapper();
    private static final TypeReference<Map<Keyset, KeyChange>> FORM = new TypeReference<>() {};

    KeyChanges {
        of = Map.copyOf(of);
    }

    /** New ids, decided before any key is made. */
    static KeyChanges planned(KeysetEditor editor) {
        Map<Keyset, KeyChange> changes = new EnumMap<>(Keyset.class);
        for (Keyset keyset : Keyset.values()) {
            changes.put(keyset, new KeyChange(editor.unusedId(keyset), editor.keys(keyset).all()));
        }
        return new KeyChanges(changes);
    }

    /** The change of a keyset by the name it is reported under; a public one changes alike. */
    Optional<KeyChange> reported(String name) {
        return of.entrySet().stream()
                .filter(
                        change ->
                                name.equals(change.getKey().word())
                                        || name.equals(change.getKey().word() + ".public"))
                .map(Map.Entry::getValue)
                .findFirst();
    }

    KeyChange of(Keyset keyset) {
        return of.get(keyset);
    }

    String json() {
        try {
            return MAPPER.writeValueAsString(of);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("Key changes cannot be written", e);
        }
    }

    static KeyChanges parse(String json) {
        try {
            return new KeyChanges(MAPPER.readValue(json, FORM));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("Key changes cannot be read", e);
        }
    }
}

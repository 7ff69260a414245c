package io.webhookdb.controlplane.provisioner.rotation;

import com.fasterxml.jackson.core.JsonPointer;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.webhookdb.controlplane.database.ControlDocuments;
import io.webhookdb.schemas.control.ErrorHandlerControl;
import io.webhookdb.schemas.control.SubscriptionControl;
import io.webhookdb.schemas.control.SubscriptionSettings;
import io.webhookdb.schemas.control.SyncColumns;
import io.webhookdb.schemas.control.SyncTargetControl;
import io.webhookdb.security.keyset.Keyset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.jdbi.v3.core.Handle;

/** Control records that are stored as they are published. */
record DocumentPlace() implements CiphertextPlace {
    private static final JsonMapper MAPPER = new JsonMapper();

    /**
     * Members that hold ciphertexts of the connections keyset, by the record's kind and their place
     * in it, with the associated data of a record of that id.
     */
    static final Map<String, Map<String, UnaryOperator<String>>> MEMBERS =
            Map.of(
                    "subscription",
                    Map.of(
                            "/secretCiphertext",
                            SubscriptionControl::secretContext,
                            "/settings/former/ciphertext",
                            SubscriptionControl::secretContext,
                            "/settings/signingKey/ciphertext",
                            SubscriptionSettings.SigningKey::context),
                    "sync_target",
                    Map.of(
                            "/connectionUrlCiphertext",
                            SyncTargetControl::connectionUrlContext,
                            "/settings/columns/hashKeyCiphertext",
                            SyncColumns::hashKeyContext),
                    "error_handler",
                    Map.of("/urlCiphertext", ErrorHandlerControl::urlContext));

    private record Stored(long id, String kind, long revision, String record) {}

    @Override
    public Page rewrite(Handle transaction, Ciphers ciphers, long after) {
        List<Stored> page =
                transaction
                        .createQuery(
                                "SELECT id, kind, revision, record FROM control_documents WHERE id"
                                        + " > :after ORDER BY id LIMIT :limit")
                        .bind("after", after)
                        .bind("limit", PAGE)
                        .map(
                                (row, context) ->
                                        new Stored(
                                                row.getLong("id"),
                                                row.getString("kind"),
                                                row.getLong("revision"),
                                                row.getString("record")))
                        .list();
        List<Long> changed = new ArrayList<>();
        for (Stored stored : page) {
            moved(ciphers, stored)
                    .filter(record -> replace(transaction, stored, record))
                    .ifPresent(record -> changed.add(stored.id()));
        }
        changed.forEach(id -> ControlDocuments.list(transaction, id));
        return new Page(
                page.isEmpty() ? after : page.get(page.size() - 1).id(),
                page.size(),
                changed.size());
    }

    private static Optional<String> moved(Ciphers ciphers, Stored stored) {
        Map<String, UnaryOperator<String>> members = MEMBERS.getOrDefault(stored.kind(), Map.of());
        if (members.isEmpty()) {
            return Optional.empty();
        }
        ObjectNode record = parsed(stored);
        String id = record.path("id").asText();
        boolean changed = false;
        for (Map.Entry<String, UnaryOperator<String>> member : members.entrySet()) {
            JsonPointer place = JsonPointer.compile(member.getKey());
            JsonNode ciphertext = record.at(place);
            Optional<String> moved =
                    ciphertext.isTextual()
                            ? ciphers.moved(
                                    Keyset.CONNECTIONS,
                                    ciphertext.asText(),
                                    member.getValue().apply(id))
                            : Optional.empty();
            moved.ifPresent(
                    text ->
                            ((ObjectNode) record.at(place.head()))
                                    .put(place.last().getMatchingProperty(), text));
            changed |= moved.isPresent();
        }
        record.put("revision", stored.revision() + 1);
        return changed ? Optional.of(record.toString()) : Optional.empty();
    }

    private static ObjectNode parsed(Stored stored) {
        try {
            return (ObjectNode) MAPPER.readTree(stored.record());
        } catch (JsonProcessingException | ClassCastException e) {
            throw new IllegalStateException(
                    "The stored record of document " + stored.id() + " is unreadable", e);
        }
    }

    private static boolean replace(Handle transaction, Stored stored, String record) {
        return transaction.execute(
                        "UPDATE control_documents SET record = ?, revision = revision + 1 WHERE id"
                                + " = ? AND revision = ?",
                        record,
                        stored.id(),
                        stored.revision())
                == 1;
    }
}

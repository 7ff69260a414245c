package io.webhookdb.controlplane.provisioner.rotation;

import io.webhookdb.security.keyset.Keyset;
import java.util.List;
import org.jdbi.v3.core.Handle;

/**
 * Bodies on their way to the event log. They stay for moments and have no numeric ids, so a page is
 * found by its offset: one that is missed because others left before it is found by the next pass.
 */
record UpsertPlace() implements CiphertextPlace {
    private record Stored(String id, String ciphertext) {}

    @Override
    public Page rewrite(Handle transaction, Ciphers ciphers, long after) {
        List<Stored> page =
                transaction
                        .createQuery(
                                "SELECT CAST(id AS text) AS id, body_sealed FROM upserts WHERE NOT"
                                        + " unreadable ORDER BY upserts.id OFFSET :after LIMIT"
                                        + " :limit")
                        .bind("after", after)
                        .bind("limit", PAGE)
                        .map((row, context) -> new Stored(row.getString(1), row.getString(2)))
                        .list();
        int rewritten = 0;
        for (Stored stored : page) {
            rewritten +=
                    ciphers.moved(
                                    Keyset.CONNECTIONS,
                                    stored.ciphertext(),
                                    "upsert/" + stored.id() + "/body")
                            .map(moved -> replace(transaction, stored, moved))
                            .orElse(0);
        }
        return new Page(after + page.size(), page.size(), rewritten);
    }

    private static int replace(Handle transaction, Stored stored, String moved) {
        return transaction.execute(
                "UPDATE upserts SET body_sealed = ? WHERE id = CAST(? AS uuid) AND body_sealed ="
                        + " ?",
                moved,
                stored.id(),
                stored.ciphertext());
    }
}

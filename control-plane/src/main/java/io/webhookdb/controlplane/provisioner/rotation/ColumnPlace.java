package io.webhookdb.controlplane.provisioner.rotation;

import io.webhookdb.controlplane.database.ProvisioningQueue;
import io.webhookdb.security.keyset.Keyset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Handle;

/**
 * A column. All names are constants of {@link CiphertextPlaces}.
 *
 * @param id column with the numeric id of the row
 * @param context SQL of the associated data under which the column is encrypted
 * @param published what has to be published when it changes, by the same id
 */
record ColumnPlace(
        Keyset keyset,
        String table,
        String id,
        String column,
        String context,
        Optional<Published> published)
        implements CiphertextPlace {

    /** Entities whose control record holds the column. */
    enum Published {
        ORGANIZATIONS("organizations", ProvisioningQueue.Kind.ORGANIZATION),
        INTEGRATIONS("integrations", ProvisioningQueue.Kind.INTEGRATION);

        private final String table;
        private final ProvisioningQueue.Kind kind;

        Published(String table, ProvisioningQueue.Kind kind) {
            this.table = table;
            this.kind = kind;
        }
    }

    private record Stored(long id, String context, String ciphertext) {}

    @Override
    public Page rewrite(Handle transaction, Ciphers ciphers, long after) {
        List<Stored> page =
                transaction
                        .createQuery(
                                "SELECT "
                                        + id
                                        + " AS id, "
                                        + context
                                        + " AS context, "
                                        + column
                                        + " AS ciphertext FROM "
                                        + table
                                        + " WHERE "
                                        + column
                                        + " IS NOT NULL AND "
                                        + id
                                        + " > :after ORDER BY "
                                        + id
                                        + " LIMIT :limit")
                        .bind("after", after)
                        .bind("limit", PAGE)
                        .map(
                                (row, statement) ->
                                        new Stored(
                                                row.getLong("id"),
                                                row.getString("context"),
                                                row.getString("ciphertext")))
                        .list();
        List<Long> changed = new ArrayList<>();
        for (Stored stored : page) {
            ciphers.moved(keyset, stored.ciphertext(), stored.context())
                    .filter(moved -> replace(transaction, stored, moved))
                    .ifPresent(moved -> changed.add(stored.id()));
        }
        published.ifPresent(what -> publish(transaction, what, changed));
        return new Page(
                page.isEmpty() ? after : page.get(page.size() - 1).id(),
                page.size(),
                changed.size());
    }

    /** Not where somebody stored another secret meanwhile: the next pass sees to that. */
    private boolean replace(Handle transaction, Stored stored, String moved) {
        return transaction.execute(
                        "UPDATE "
                                + table
                                + " SET "
                                + column
                                + " = ? WHERE "
                                + id
                                + " = ? AND "
                                + column
                                + " = ?",
                        moved,
                        stored.id(),
                        stored.ciphertext())
                == 1;
    }

    private static void publish(Handle transaction, Published what, List<Long> changed) {
        for (long entity : changed) {
            transaction.execute(
                    "UPDATE " + what.table + " SET revision = revision + 1 WHERE id = ?", entity);
        }
        for (long entity : changed) {
            ProvisioningQueue.add(transaction, what.kind, entity);
        }
    }
}

package io.webhookdb.connectors.backfill;

import com.fasterxml.jackson.databind.JsonNode;
import io.webhookdb.connectors.backfill.BackfillDirectory.Known;
import io.webhookdb.schemas.catalog.BackfillToken;
import io.webhookdb.schemas.catalog.Condition;
import io.webhookdb.schemas.catalog.Owners;
import io.webhookdb.schemas.catalog.Owners.Seal;
import io.webhookdb.schemas.catalog.ServiceDefinition;
import io.webhookdb.security.keyset.SecretSealer;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/** What changes about owners: they go, come back, and get other credentials from the vendor. */
final class OwnerNotes {
    /** A vendor may hand out a credential with every exchange; the row need not have each. */
    private static final Duration TOLD_EVERY = Duration.ofDays(1);

    private final BackfillDirectory directory;
    private final BackfillState state;
    private final Host host;
    private final SecretSealer sealer;
    private final Amendments amendments;

    OwnerNotes(
            BackfillDirectory directory,
            BackfillState state,
            Host host,
            SecretSealer sealer,
            Amendments amendments) {
        this.directory = directory;
        this.state = state;
        this.host = host;
        this.sealer = sealer;
        this.amendments = amendments;
    }

    /**
     * Takes a message of an owner's backend in.
     *
     * @return whether it says that the owner is gone
     */
    boolean takes(Account account, String owner, JsonNode message) throws Exception {
        Known known = directory.find(account.key).orElse(null);
        ServiceDefinition service = known == null ? null : known.service();
        OwnerNote note = account.owners.getOrDefault(owner, OwnerNote.NEW);
        if (service != null && service.owners().gone() != null && deletes(service, message)) {
            put(account, owner, note.goneAt(host.now()));
            amendments.drop(account, account.key, owner);
            return true;
        }
        if (note.gone()) {
            put(account, owner, note.back());
        }
        if (service != null && OwnerWork.brought(service, message) != null) {
            amendments.drop(account, account.key, owner);
        }
        return false;
    }

    private static boolean deletes(ServiceDefinition service, JsonNode message) {
        return service.deletes().stream().anyMatch(rule -> passes(message, rule));
    }

    private static boolean passes(JsonNode message, List<Condition> rule) {
        return rule.stream().allMatch(one -> one.resource() != null)
                && Listing.passes(message, rule);
    }

    /** Whether the row belongs to an owner who is gone. */
    static boolean isGone(Account account, Known known, ParentRow parent) {
        OwnerNote note = of(account, known, parent);
        return note != null && note.gone();
    }

    /** What is known of a row's owner; null: nothing. */
    static OwnerNote of(Account account, Known known, ParentRow parent) {
        BackfillToken token =
                parent == null || known == null || known.backfill() == null
                        ? null
                        : OwnerTokens.of(known.backfill().auth());
        return token == null ? null : account.owners.get(parent.text(token.key()));
    }

    /** The vendor has handed out another credential with an access token. */
    void renewed(Account account, AccessGrant grant, String token) throws Exception {
        AccessGrant.Holder holder = grant.holder();
        OwnerNote before = account.owners.getOrDefault(holder.owner(), OwnerNote.NEW);
        if (before.gone()) {
            return;
        }
        String sealed = sealer.seal(token, Owners.context(account.key, holder.member()));
        OwnerNote note = before.renewed(sealed, OwnerTokens.digest(grant.refreshToken()));
        String into = into(account, holder.member());
        if (into != null && host.now() - note.toldAtMillis() >= TOLD_EVERY.toMillis()) {
            amendments.add(account, account.key, holder.owner(), Map.of(into, sealed));
            note = note.toldAt(host.now());
        }
        put(account, holder.owner(), note);
    }

    private String into(Account account, String member) {
        return directory
                .find(account.key)
                .filter(known -> known.service().owners() != null)
                .flatMap(
                        known ->
                                known.service().owners().seal().stream()
                                        .filter(seal -> seal.member().equals(member))
                                        .map(Seal::into)
                                        .findFirst())
                .orElse(null);
    }

    private void put(Account account, String owner, OwnerNote note) throws Exception {
        account.remember(owner, note);
        state.put(owner, note);
    }
}

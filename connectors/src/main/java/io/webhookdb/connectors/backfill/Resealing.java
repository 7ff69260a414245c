package io.webhookdb.connectors.backfill;

import io.webhookdb.connectors.backfill.BackfillDirectory.Known;
import io.webhookdb.schemas.catalog.BackfillToken;
import io.webhookdb.schemas.catalog.Owners;
import io.webhookdb.security.keyset.KeyOf;
import io.webhookdb.security.keyset.SecretOpener;
import io.webhookdb.security.keyset.SecretSealer;
import io.webhookdb.security.keyset.SecretUnreadableException;
import java.util.Map;

/**
 * Seals what an account has in state with the newest key, so that the older ones may be retired
 * after the checkpoint that has it.
 */
final class Resealing {
    private final BackfillDirectory directory;
    private final BackfillState state;
    private final SecretOpener opener;
    private final SecretSealer sealer;

    Resealing(
            BackfillDirectory directory,
            BackfillState state,
            SecretOpener opener,
            SecretSealer sealer) {
        this.directory = directory;
        this.state = state;
        this.opener = opener;
        this.sealer = sealer;
    }

    /** Everything of an account that is the current key. */
    void all(Account account) throws Exception {
        String key = account.note.channelKey();
        if (key != null) {
            account.note =
                    account.note.keyed(again(key, Owners.context(account.key, Owners.CHANNEL_KEY)));
            state.put(account.note);
        }
        String context = context(account);
        if (context == null) {
            return;
        }
        for (Map.Entry<String, OwnerNote> one : account.owners.entrySet()) {
            if (one.getValue().token() != null) {
                one.setValue(one.getValue().sealedAgain(again(one.getValue().token(), context)));
                state.put(one.getKey(), one.getValue());
            }
        }
        for (Map.Entry<String, ChannelNote> one : account.channels.entrySet()) {
            one.setValue(one.getValue().of(again(one.getValue().parent(), context)));
            state.put(one.getKey(), one.getValue());
        }
        for (RunState run : account.runs.values()) {
            run.parents.replaceAll(parent -> again(parent, context));
            run.listings.replaceAll(position -> position.of(again(position.parent(), context)));
            state.put(run);
        }
        state.eachListed(parent -> again(parent, context));
    }

    /** Under what the credentials of the account's owners are sealed; null: there are none. */
    private String context(Account account) {
        Known owners = directory.find(account.key).orElse(null);
        if (owners == null || owners.service().owners() == null) {
            return null;
        }
        return directory.children(owners.integration()).stream()
                .map(child -> OwnerTokens.of(directory.service(child).backfill().auth()))
                .filter(token -> token != null)
                .map(BackfillToken::member)
                .map(member -> Owners.context(account.key, member))
                .findFirst()
                .orElse(null);
    }

    private ParentRow again(ParentRow parent, String context) {
        return parent == null || !parent.hasToken()
                ? parent
                : parent.withToken(again(parent.token(), context));
    }

    /** The same secret under the newest key; what cannot be opened stays as it is. */
    private String again(String sealed, String context) {
        try {
            String fresh = sealer.seal(opener.open(sealed, context), context);
            return KeyOf.ciphertext(sealed) == KeyOf.ciphertext(fresh) ? sealed : fresh;
        } catch (SecretUnreadableException | IllegalArgumentException e) {
            return sealed;
        }
    }
}

package io.webhookdb.connectors.backfill;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.webhookdb.schemas.catalog.BackfillAuth;
import io.webhookdb.schemas.catalog.BackfillToken;
import io.webhookdb.schemas.catalog.Owners;
import io.webhookdb.security.keyset.SecretOpener;
import io.webhookdb.security.keyset.SecretUnreadableException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Map;

/**
 * Opens the refresh tokens of owners, which lie sealed in rows.
 *
 * @param opener of what ingest sealed
 * @param integration the owners'
 * @param member under which name they were sealed
 * @param notes what is remembered of owners, by their key
 */
record OwnerTokens(
        SecretOpener opener, String integration, String member, Map<String, OwnerNote> notes) {

    OwnerTokens(SecretOpener opener, String integration, String member) {
        this(opener, integration, member, Map.of());
    }

    /**
     * An owner's token in clear: what the vendor handed out in place of the sealed one, where it
     * did.
     *
     * @throws ApiException a revoked one if it cannot be opened
     */
    String open(String sealed, String owner) throws ApiException {
        OwnerNote note = notes.get(owner);
        if (note == null || note.token() == null) {
            return open(sealed);
        }
        String token = open(sealed);
        return note.former().contains(digest(token)) ? open(note.token()) : token;
    }

    /** Names a token without telling it. */
    static String digest(String token) {
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(token.getBytes(UTF_8));
            return HexFormat.of().formatHex(hash, 0, 16);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every Java runtime has SHA-256", e);
        }
    }

    /** Where the token of each row is; null where requests do not carry one of a row's owner. */
    static BackfillToken of(BackfillAuth auth) {
        return auth.refresh() == null ? null : auth.refresh().token();
    }

    /**
     * A token in clear.
     *
     * @throws ApiException a revoked one if it cannot be opened
     */
    String open(String sealed) throws ApiException {
        try {
            return opener.open(sealed, Owners.context(integration, member));
        } catch (SecretUnreadableException e) {
            throw new ApiException(
                    ApiFailure.REVOKED,
                    "The stored "
                            + member
                            + " cannot be opened: it was sealed for another integration or with a"
                            + " key that is gone. Post it again.",
                    null,
                    e);
        }
    }
}

package io.webhookdb.connectors.backfill;

import io.webhookdb.schemas.catalog.BackfillAuth;
import io.webhookdb.schemas.catalog.BackfillToken;
import io.webhookdb.schemas.catalog.Owners;
import io.webhookdb.security.keyset.SecretOpener;
import io.webhookdb.security.keyset.SecretUnreadableException;

/**
 * Opens the refresh tokens of owners, which lie sealed in rows.
 *
 * @param opener of what ingest sealed
 * @param integration the owners'
 * @param member under which name they were sealed
 */
record OwnerTokens(SecretOpener opener, String integration, String member) {

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

package io.webhookdb.schemas.catalog;

import com.fasterxml.jackson.annotation.JsonInclude;

/**
 * For {@link BackfillAuth.Scheme#BEARER}: what is stored is a refresh token, for which short-lived
 * access tokens are had (RFC 6749, section 6). Only for vendors whose refresh tokens stay the same
 * when they are used.
 *
 * @param url where
 * @param client field with the person's own application there, as {@code id:secret}
 * @param clientSecret field with the application's secret, where {@code client} only has the id;
 *     null: it has both
 * @param style how the application names itself
 * @param token where the refresh token of each row is; null: it is the stored secret
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record BackfillRefresh(
        String url,
        Setup.StoredField client,
        Setup.StoredField clientSecret,
        OAuthConnection.Client style,
        BackfillToken token) {
    public BackfillRefresh {
        style = style == null ? OAuthConnection.Client.BODY : style;
    }
}

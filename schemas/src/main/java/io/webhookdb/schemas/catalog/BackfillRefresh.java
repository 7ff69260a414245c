package io.webhookdb.schemas.catalog;

/**
 * For {@link BackfillAuth.Scheme#BEARER}: the stored secret is a refresh token, for which
 * short-lived access tokens are had (RFC 6749, section 6). Only for vendors whose refresh tokens
 * stay the same when they are used.
 *
 * @param url where
 * @param client field with the person's own application there, as {@code id:secret}
 * @param style how the application names itself
 */
public record BackfillRefresh(String url, Setup.StoredField client, OAuthConnection.Client style) {
    public BackfillRefresh {
        style = style == null ? OAuthConnection.Client.BODY : style;
    }
}

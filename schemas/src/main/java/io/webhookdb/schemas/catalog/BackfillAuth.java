package io.webhookdb.schemas.catalog;

import com.fasterxml.jackson.annotation.JsonInclude;

/**
 * How a request to a vendor's API authenticates.
 *
 * @param scheme where the credential goes
 * @param name header or query parameter, for those schemes
 * @param username field with the user name, for {@link Scheme#BASIC}
 * @param secret field with the credential; for {@link Scheme#BASIC} the password, null: empty
 * @param refresh how the credential becomes one that requests carry; null: they carry it as it is
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record BackfillAuth(
        Scheme scheme,
        String name,
        Setup.StoredField username,
        Setup.StoredField secret,
        BackfillRefresh refresh) {

    /** Public data. */
    public static final BackfillAuth NONE = new BackfillAuth(Scheme.NONE, null, null, null);

    /** A credential that requests carry as it is. */
    public BackfillAuth(
            Scheme scheme, String name, Setup.StoredField username, Setup.StoredField secret) {
        this(scheme, name, username, secret, null);
    }

    /** Where the credential goes. */
    public enum Scheme {
        NONE,
        BASIC,
        /** {@code Authorization: Bearer}. */
        BEARER,
        /** A header of the vendor's own. */
        HEADER,
        /** A query parameter, of every request. Such URLs are never logged. */
        QUERY
    }
}

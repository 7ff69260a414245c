package io.webhookdb.connectors.backfill;

import io.webhookdb.schemas.catalog.Backfill;
import io.webhookdb.schemas.catalog.Setup.StoredField;
import io.webhookdb.schemas.status.BackfillProgress.Request;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;

/**
 * What an account's requests need, opened.
 *
 * @param base URL the paths are appended to, without a trailing slash; null while it is not known
 * @param fields stored fields, in clear
 * @param owners opens credentials of rows' owners; null where requests carry none
 * @param tokenBase base URL that access tokens are had from instead of the catalogue's; null: that
 */
record Access(String base, Map<StoredField, String> fields, OwnerTokens owners, String tokenBase) {
    Access {
        fields = fields.isEmpty() ? Map.of() : new EnumMap<>(fields);
    }

    /** What requests need that carry stored credentials only. */
    Access(String base, Map<StoredField, String> fields) {
        this(base, fields, null, null);
    }

    /** The same, with what is remembered of owners. */
    Access knowing(Map<String, OwnerNote> notes) {
        return owners == null
                ? this
                : new Access(
                        base,
                        fields,
                        new OwnerTokens(
                                owners.opener(), owners.integration(), owners.member(), notes),
                        tokenBase);
    }

    /** The stored field a request still lacks; empty if it has all. */
    Optional<StoredField> missing(Backfill backfill) {
        if (backfill.auth().username() != null && !has(backfill.auth().username())) {
            return Optional.of(backfill.auth().username());
        }
        if (backfill.auth().secret() != null && !has(backfill.auth().secret())) {
            return Optional.of(backfill.auth().secret());
        }
        if (backfill.auth().refresh() != null && !has(backfill.auth().refresh().client())) {
            return Optional.of(backfill.auth().refresh().client());
        }
        if (backfill.auth().refresh() != null
                && backfill.auth().refresh().clientSecret() != null
                && !has(backfill.auth().refresh().clientSecret())) {
            return Optional.of(backfill.auth().refresh().clientSecret());
        }
        return backfill.path().stream()
                .map(value -> value.stored())
                .filter(field -> field != null && !has(field))
                .findFirst()
                .or(
                        () ->
                                base == null && !eachRowHasItsOwn(backfill)
                                        ? Optional.of(StoredField.API_URL)
                                        : Optional.empty());
    }

    private static boolean eachRowHasItsOwn(Backfill backfill) {
        return backfill.base() != null && backfill.base().parent() != null;
    }

    private boolean has(StoredField field) {
        String value = fields.get(field);
        return value != null && !value.isEmpty();
    }

    /** The text without any credential it may quote. */
    String withoutSecrets(String text) {
        String clean = text;
        for (Map.Entry<StoredField, String> field : fields.entrySet()) {
            if (field.getKey() != StoredField.API_URL && field.getValue().length() >= 6) {
                clean = clean.replace(field.getValue(), "***");
            }
        }
        return clean;
    }

    /** The same, without any credential its answer may quote. */
    Request withoutSecrets(Request request) {
        return request == null || request.body() == null
                ? request
                : new Request(
                        request.method(),
                        withoutSecrets(request.url()),
                        request.status(),
                        withoutSecrets(request.body()));
    }

    /** Never prints a credential. */
    @Override
    public String toString() {
        return "Access[" + fields.keySet() + "]";
    }
}

package io.webhookdb.schemas.catalog;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.List;

/**
 * How a person connects their account at the vendor by consent instead of copied keys
 * (authorization code grant, RFC 6749 section 4.1).
 *
 * @param authorizeUrl page the person is sent to
 * @param scope requested scope; null: none
 * @param tokenUrl where the code is exchanged
 * @param client how the application names itself there
 * @param token JSON Pointer to the credential in the answer
 * @param tokenField field of the root integration that keeps it
 * @param accountUrl what is asked, with the credential, to learn which account it is
 * @param account JSON Pointer to the account in that answer
 * @param accountPart what of that value counts
 * @param accountField field of the root integration that keeps it
 * @param creates services whose integrations are created with the root
 * @param source where this was read
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record OAuthConnection(
        String authorizeUrl,
        String scope,
        String tokenUrl,
        Client client,
        String token,
        Setup.StoredField tokenField,
        String accountUrl,
        String account,
        Routes.Part accountPart,
        Setup.StoredField accountField,
        List<String> creates,
        String source) {

    public OAuthConnection {
        accountPart = accountPart == null ? Routes.Part.WHOLE : accountPart;
        creates = List.copyOf(creates);
    }

    /** How the application names itself when it exchanges the code. */
    public enum Client {
        /** {@code client_id} and {@code client_secret} in the body. */
        BODY,
        /** HTTP Basic. */
        BASIC
    }
}

package io.webhookdb.connectors.sync;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.webhookdb.connectors.webhook.Signer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Signs pages as Standard Webhooks 1.0 does, with the password of the connection URL: whoever
 * checks Basic credentials has it already. The id is the page's content, so that a page that is
 * sent again has the one it had.
 */
final class PageSignature {
    private static final int ID_BYTES = 16;

    private PageSignature() {}

    /** Headers beside Basic authorization; none where the URL has no password. */
    static Map<String, String> headers(HttpUrl url, PageBody body, Instant now) {
        Optional<String> password = password(url.authorization());
        if (password.isEmpty()) {
            return Map.of();
        }
        String id = "page_" + HexFormat.of().formatHex(digest(body), 0, ID_BYTES);
        String signature =
                Signer.of(List.of(password.get()), Optional.empty())
                        .sign(id, now.getEpochSecond(), body.parts());
        return Map.of(
                "webhook-id",
                id,
                "webhook-timestamp",
                Long.toString(now.getEpochSecond()),
                "webhook-signature",
                signature);
    }

    private static Optional<String> password(String authorization) {
        if (authorization == null) {
            return Optional.empty();
        }
        String encoded = authorization.substring(authorization.indexOf(' ') + 1);
        String credentials = new String(Base64.getDecoder().decode(encoded), UTF_8);
        return Optional.of(credentials.substring(credentials.indexOf(':') + 1))
                .filter(password -> !password.isEmpty());
    }

    private static byte[] digest(PageBody body) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            body.parts().forEach(digest::update);
            return digest.digest();
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("SHA-256 is part of every JDK", e);
        }
    }
}

package io.webhookdb.controlplane.api.auth;

import io.webhookdb.security.keyset.SecretCipher;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.HexFormat;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;

/**
 * One-time codes: six digits, {@link #LIFETIME} long, used once, at most {@value #ATTEMPTS} tries,
 * replaced by the next one. What is stored is the code's hash, encrypted: a million codes are
 * hashed in a second, so a hash alone would hide nothing from who reads the database.
 */
final class LoginCodes {
    static final Duration LIFETIME = Duration.ofMinutes(15);
    static final int ATTEMPTS = 5;

    /** Codes of one address that may be outstanding within {@link #LIFETIME}. */
    static final int UNUSED_CODES = 20;

    /** Wrong tries at one address, over all its codes of about a day. */
    static final int WRONG_TRIES = 100;

    private final Jdbi jdbi;
    private final SecretCipher cipher;

    LoginCodes(Jdbi jdbi, SecretCipher cipher) {
        this.jdbi = jdbi;
        this.cipher = cipher;
    }

    /** What a try came to. */
    enum Verdict {
        RIGHT,
        WRONG,
        /** Wrong, or right too late: there is no code left that could be right. */
        EXHAUSTED,
        /** No code was ever asked for with this address. */
        UNKNOWN
    }

    /** A new code for an address; empty if too many are outstanding. */
    Optional<String> issue(String email) {
        return jdbi.inTransaction(
                handle -> {
                    handle.execute(
                            "DELETE FROM login_codes WHERE expires_at < now() - interval '1 day'");
                    if (unused(handle, email) >= UNUSED_CODES
                            || tries(handle, email) >= WRONG_TRIES) {
                        return Optional.empty();
                    }
                    handle.execute(
                            "UPDATE login_codes SET expires_at = now() WHERE email = ? AND"
                                    + " expires_at > now()",
                            email);
                    String code = Tokens.sixDigits();
                    handle.createUpdate(
                                    "INSERT INTO login_codes (email, code_hash_encrypted,"
                                            + " expires_at) VALUES (:email, :code, now() +"
                                            + " make_interval(secs => :seconds))")
                            .bind("email", email)
                            .bind("code", cipher.encrypt(hash(email, code), context(email)))
                            .bind("seconds", (double) LIFETIME.toSeconds())
                            .execute();
                    return Optional.of(code);
                });
    }

    /** Tries a code. The try is counted, in a transaction of its own, before it is judged. */
    Verdict redeem(String email, String code) {
        Optional<Live> counted = jdbi.inTransaction(handle -> count(handle, email));
        if (counted.isEmpty()) {
            return known(email) ? Verdict.EXHAUSTED : Verdict.UNKNOWN;
        }
        Live live = counted.get();
        byte[] expected =
                cipher.decrypt(live.encrypted(), context(email)).getBytes(StandardCharsets.UTF_8);
        byte[] actual = hash(email, code).getBytes(StandardCharsets.UTF_8);
        if (!MessageDigest.isEqual(expected, actual)) {
            return live.attempts() >= ATTEMPTS ? Verdict.EXHAUSTED : Verdict.WRONG;
        }
        return spend(live) ? Verdict.RIGHT : Verdict.EXHAUSTED;
    }

    /** Whether a code was asked for with this address lately. */
    boolean known(String email) {
        return jdbi.withHandle(
                handle ->
                        handle.createQuery(
                                        "SELECT EXISTS (SELECT FROM login_codes WHERE email ="
                                                + " :email)")
                                .bind("email", email)
                                .mapTo(Boolean.class)
                                .one());
    }

    private static Optional<Live> count(Handle handle, String email) {
        return handle.createQuery(
                        "UPDATE login_codes SET attempts = attempts + 1 WHERE id = (SELECT max(id)"
                            + " FROM login_codes WHERE email = :email) AND used_at IS NULL AND"
                            + " expires_at > now() AND attempts < :limit RETURNING id, attempts,"
                            + " code_hash_encrypted")
                .bind("email", email)
                .bind("limit", ATTEMPTS)
                .map((row, context) -> new Live(row.getLong(1), row.getInt(2), row.getString(3)))
                .findOne();
    }

    private boolean spend(Live live) {
        return jdbi.withHandle(
                        handle ->
                                handle.execute(
                                        "UPDATE login_codes SET used_at = now() WHERE id = ? AND"
                                                + " used_at IS NULL AND expires_at > now()",
                                        live.id()))
                == 1;
    }

    private static int unused(Handle handle, String email) {
        return handle.createQuery(
                        "SELECT count(*) FROM login_codes WHERE email = :email AND used_at IS NULL"
                                + " AND created_at > now() - make_interval(secs => :seconds)")
                .bind("email", email)
                .bind("seconds", (double) LIFETIME.toSeconds())
                .mapTo(Integer.class)
                .one();
    }

    private static int tries(Handle handle, String email) {
        return handle.createQuery(
                        "SELECT coalesce(sum(attempts), 0) FROM login_codes WHERE email = :email"
                                + " AND used_at IS NULL")
                .bind("email", email)
                .mapTo(Integer.class)
                .one();
    }

    private static String hash(String email, String code) {
        return HexFormat.of().formatHex(Tokens.sha256(email + "\n" + code));
    }

    private static String context(String email) {
        return "login_code/" + email;
    }

    private record Live(long id, int attempts, String encrypted) {}
}

package io.webhookdb.controlplane.provisioner;

import java.security.SecureRandom;
import org.postgresql.util.PasswordUtil;

/**
 * What a server keeps of a role's password (SCRAM-SHA-256, RFC 5803). Made here, so that no
 * statement holds the password.
 */
final class Verifier {
    /**
     * Steps of key derivation make guessing a password dear. {@link TenantNames#password()} has 256
     * random bits, which nobody guesses at any price, but each login of the writer would pay: half
     * of what it costs our side.
     */
    private static final int STEPS_FOR_OWNERS = 1;

    /** What Postgres uses itself; every client takes it. */
    private static final int STEPS_FOR_READERS = 4096;

    private static final SecureRandom RANDOM = new SecureRandom();

    private Verifier() {}

    /** For a role that only our own parts log in with. */
    static String forOwner(String password) {
        return of(password, STEPS_FOR_OWNERS);
    }

    /** For a role that people log in with, by whatever client. */
    static String forReader(String password) {
        return of(password, STEPS_FOR_READERS);
    }

    private static String of(String password, int steps) {
        byte[] salt = new byte[16];
        RANDOM.nextBytes(salt);
        return PasswordUtil.encodeScramSha256(password.toCharArray(), steps, salt);
    }
}

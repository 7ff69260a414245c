package io.webhookdb.controlplane.mail;

/** What people are mailed. Texts hold no control characters. */
public sealed interface Mail {
    /** The address it goes to. */
    String to();

    /** A code that proves who reads this address. */
    record LoginCode(String to, String code) implements Mail {
        /** Never prints the code. */
        @Override
        public String toString() {
            return "LoginCode[" + to + "]";
        }
    }

    /**
     * A code that makes the reader a member.
     *
     * @param organization its name
     * @param inviter address of who invites
     */
    record Invitation(String to, String organization, String inviter, String code) implements Mail {
        /** Never prints the code. */
        @Override
        public String toString() {
            return "Invitation[" + to + "]";
        }
    }

    /**
     * Something to act on.
     *
     * @param title one line
     */
    record Alert(String to, String title, String message) implements Mail {}
}

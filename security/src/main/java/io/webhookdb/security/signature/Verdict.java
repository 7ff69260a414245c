package io.webhookdb.security.signature;

/** What became of a request's proof of origin. */
public sealed interface Verdict {

    /** Word stored with the event. */
    String code();

    /** The request may be taken. */
    enum Accepted implements Verdict {
        /** It carries the vendor's proof. */
        VERIFIED("verified"),
        /** The vendor proves nothing; knowing the URL is enough. */
        UNSIGNED("none");

        private final String code;

        Accepted(String code) {
            this.code = code;
        }

        @Override
        public String code() {
            return code;
        }
    }

    /**
     * The request must not be taken.
     *
     * @param reason closed set, for machines
     * @param message one sentence for people: ASCII, never a value of the request or a secret
     */
    record Rejected(RejectionReason reason, String message) implements Verdict {
        @Override
        public String code() {
            return reason.code();
        }
    }
}

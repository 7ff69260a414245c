package io.webhookdb.security.signature;

import java.net.URI;

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
     * It cannot be said before what is at the URL is known: fetch it and verify again. The URL's
     * host is one of those the vendor's definition allows.
     *
     * @param url what it is known by; a fragment belongs to the name, not to the request
     * @param question JSON to post there, with the account's credentials; null: it is got
     */
    record KeyNeeded(URI url, String question) implements Verdict {
        public KeyNeeded(URI url) {
            this(url, null);
        }

        @Override
        public String code() {
            return RejectionReason.KEY_UNAVAILABLE.code();
        }

        /** Never prints the question. */
        @Override
        public String toString() {
            return "KeyNeeded[" + url.getHost() + "]";
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

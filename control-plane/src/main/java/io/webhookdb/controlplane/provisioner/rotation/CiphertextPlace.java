package io.webhookdb.controlplane.provisioner.rotation;

import org.jdbi.v3.core.Handle;

/** A place in the application database that holds ciphertexts. */
interface CiphertextPlace {
    /** Rows of one page. */
    int PAGE = 500;

    /**
     * Rewrites the ciphertexts of one page of rows, by id, and lists what has to be published for
     * it, as the last statements of the transaction.
     */
    Page rewrite(Handle transaction, Ciphers ciphers, long after);

    /**
     * What became of a page.
     *
     * @param last id of its last row
     * @param rows how many it has; fewer than {@link #PAGE} if it is the last
     * @param rewritten ciphertexts rewritten
     */
    record Page(long last, int rows, int rewritten) {
        boolean isLast() {
            return rows < PAGE;
        }
    }
}

package io.webhookdb.controlplane.provisioner.rotation;

/** The steps of a rotation, in their order. Each may be done again after a kill. */
public enum RotationStep {
    /** New keys are added to the files; nothing is encrypted with them yet. */
    DISTRIBUTE("add new keys to the keysets"),
    /** Every running part can decrypt with them. */
    AWAIT_DISTRIBUTED("wait until every part has read them"),
    /** From now on the new keys encrypt. */
    PROMOTE("make the new keys primary"),
    /** No running part encrypts with an old key any more. */
    AWAIT_PROMOTED("wait until every part encrypts with them"),
    /** Stored ciphertexts are rewritten, until a pass finds none. */
    REENCRYPT("rewrite what is stored"),
    /** Control records that hold rewritten ciphertexts are on the control topic. */
    AWAIT_PUBLISHED("publish what was rewritten"),
    /** Every running part has applied them, jobs in a completed checkpoint. */
    AWAIT_APPLIED("wait until every part has applied it, jobs in a checkpoint"),
    /** The old keys are removed from the files. */
    RETIRE("remove the old keys from the keysets"),
    /** No running part holds an old key. */
    AWAIT_RETIRED("wait until no part holds an old key"),
    DONE("done");

    private final String words;

    RotationStep(String words) {
        this.words = words;
    }

    /** What is done, for people. */
    public String words() {
        return words;
    }

    /** The one after it. */
    RotationStep next() {
        return values()[ordinal() + 1];
    }
}

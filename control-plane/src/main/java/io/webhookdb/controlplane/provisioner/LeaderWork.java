package io.webhookdb.controlplane.provisioner;

/** Something that one provisioner does, the one that leads, beside provisioning. */
interface LeaderWork {
    /** Starts it; returns at once. */
    Running start();

    /** What was started. */
    interface Running extends AutoCloseable {
        /** Stops it, within seconds. */
        @Override
        void close();
    }
}

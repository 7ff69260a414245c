package io.webhookdb.controlplane.provisioner;

import io.webhookdb.controlplane.SharedControlPlane;
import io.webhookdb.controlplane.TestingSystem;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(SharedControlPlane.class)
class ReaderEscapeITCase extends ReaderEscapeContract {
    private final TestingSystem system;

    ReaderEscapeITCase(TestingSystem system) {
        super(Isolation.DATABASE_USER);
        this.system = system;
    }

    @Override
    TestingSystem system() {
        return system;
    }
}

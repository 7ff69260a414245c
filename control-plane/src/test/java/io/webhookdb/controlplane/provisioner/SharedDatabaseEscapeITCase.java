package io.webhookdb.controlplane.provisioner;

import io.webhookdb.controlplane.TestingSystem;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SharedDatabaseEscapeITCase extends ReaderEscapeContract {
    private TestingSystem system;

    SharedDatabaseEscapeITCase() {
        super(Isolation.SCHEMA_USER);
    }

    @BeforeAll
    void start(@TempDir Path folder) {
        system =
                TestingSystem.start(
                        folder.resolve("keysets"),
                        List.of(),
                        Isolation.SCHEMA_USER,
                        settings -> settings);
    }

    @AfterAll
    void stop() {
        if (system != null) {
            system.close();
        }
    }

    @Override
    TestingSystem system() {
        return system;
    }

    @Test
    void neitherRoleReachesTheRowsOfOthers() {
        neitherRoleMayReachTheRowsOfOthers();
    }
}

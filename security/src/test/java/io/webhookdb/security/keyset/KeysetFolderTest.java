package io.webhookdb.security.keyset;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KeysetFolderTest {
    @TempDir Path folder;

    @Test
    void readsWhatAnEarlierStartWrote() {
        String sealed = KeysetFolder.openOrGenerate(folder).ingest().encrypt("whsec_1", "a/b");

        assertThat(KeysetFolder.openOrGenerate(folder).ingest().decrypt(sealed, "a/b"))
                .isEqualTo("whsec_1");
    }

    @Test
    void refusesASecretMovedToAnotherRecord() {
        SecretCipher cipher = KeysetFolder.openOrGenerate(folder).readers();
        String ciphertext = cipher.encrypt("secret", "organization/1/readonly_url");

        assertThatThrownBy(() -> cipher.decrypt(ciphertext, "organization/2/readonly_url"))
                .isInstanceOf(SecretUnreadableException.class)
                .hasMessageContaining("organization/2/readonly_url")
                .hasMessageNotContaining(ciphertext);
    }

    @Test
    void opensWhatTheHolderOfThePublicKeySealed() throws IOException {
        KeysetFolder keysets = KeysetFolder.openOrGenerate(folder);
        String sealed = keysets.connectionsSealer().seal("password", "organization/1");
        assertThat(keysets.connectionsOpener().open(sealed, "organization/1"))
                .isEqualTo("password");

        Files.delete(folder.resolve(KeysetFolder.CONNECTIONS));
        KeysetFolder api = KeysetFolder.open(folder);
        assertThat(api.connectionsSealer().seal("password", "organization/1")).isNotEmpty();
        assertThatThrownBy(api::connectionsOpener)
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining(KeysetFolder.CONNECTIONS);
    }

    @Test
    void keepsKeysToTheirOwner() throws IOException {
        KeysetFolder.openOrGenerate(folder);
        try (var files = Files.list(folder)) {
            assertThat(files.toList())
                    .hasSize(4)
                    .allSatisfy(
                            file ->
                                    assertThat(
                                                    PosixFilePermissions.toString(
                                                            Files.getPosixFilePermissions(file)))
                                            .isEqualTo("rw-------"));
        }
    }
}

package io.webhookdb.security.keyset;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.google.crypto.tink.KeysetHandle;
import com.google.crypto.tink.hybrid.PredefinedHybridParameters;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.time.Duration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Keys come and go while processes use them. */
class KeysetEditorTest {
    @TempDir Path directory;
    private KeysetFolder folder;
    private KeysetEditor editor;

    @BeforeEach
    void generate() {
        folder = KeysetFolder.openOrGenerate(directory.resolve("keysets"));
        editor = new KeysetEditor(folder);
    }

    @ParameterizedTest
    @EnumSource(Keyset.class)
    void rotatesWhileTheSameCipherIsUsed(Keyset keyset) {
        Used used = used(keyset);
        String old = used.seal("secret");
        long oldKey = KeyOf.ciphertext(old);
        long newKey = editor.unusedId(keyset);

        editor.add(keyset, newKey);
        editor.add(keyset, newKey);
        assertThat(editor.keys(keyset).all()).containsExactly(oldKey, newKey);
        assertThat(editor.keys(keyset).primary()).isEqualTo(oldKey);

        editor.promote(keyset, newKey);
        editor.promote(keyset, newKey);
        await().atMost(Duration.ofSeconds(10))
                .until(() -> KeyOf.ciphertext(used.seal("secret")) == newKey);
        String young = used.seal("secret");
        assertThat(used.open(old)).isEqualTo("secret");
        assertThat(used.open(young)).isEqualTo("secret");

        editor.retire(keyset, oldKey);
        editor.retire(keyset, oldKey);
        assertThat(editor.keys(keyset).all()).containsExactly(newKey);
        assertThat(used(keyset).open(young)).isEqualTo("secret");
        assertThatThrownBy(() -> used(keyset).open(old))
                .isInstanceOf(SecretUnreadableException.class);
    }

    /** Folders of the first releases have a key on P-256; the next rotation adds one on X25519. */
    @Test
    void rotatesFromOneKindOfKeyToAnother() throws GeneralSecurityException {
        KeysetFiles files = new KeysetFiles(folder.path());
        KeysetHandle former =
                KeysetHandle.generateNew(
                        PredefinedHybridParameters.ECIES_P256_HKDF_HMAC_SHA256_AES128_GCM);
        files.write(Keyset.CONNECTIONS.file(), former);
        files.write(KeysetFiles.CONNECTIONS_PUBLIC, former.getPublicKeysetHandle());
        String old = folder.connectionsSealer().seal("secret", "a/b");

        long key = editor.unusedId(Keyset.CONNECTIONS);
        editor.add(Keyset.CONNECTIONS, key);
        editor.promote(Keyset.CONNECTIONS, key);
        String young = folder.connectionsSealer().seal("secret", "a/b");

        assertThat(KeyOf.ciphertext(young)).isEqualTo(key);
        assertThat(folder.connectionsOpener().open(old, "a/b")).isEqualTo("secret");
        assertThat(folder.connectionsOpener().open(young, "a/b")).isEqualTo("secret");
        assertThat(files.read(Keyset.CONNECTIONS.file()).getAt(1).getKey().getParameters())
                .isNotEqualTo(former.getAt(0).getKey().getParameters());
    }

    /** A record under the new key may come before the reader has looked at the file again. */
    @Test
    void readsTheFileAgainAtOnceWhereACiphertextCannotBeRead() {
        SecretCipher reader = folder.ingest();
        long newKey = editor.unusedId(Keyset.INGEST);
        editor.add(Keyset.INGEST, newKey);
        editor.promote(Keyset.INGEST, newKey);
        String young = folder.ingest().encrypt("secret", "a/b");

        assertThat(reader.decrypt(young, "a/b")).isEqualTo("secret");
    }

    @Test
    void keepsWhatWasReadWhenTheFileGoesAway() throws IOException {
        SecretCipher reader = folder.ingest();
        String ciphertext = reader.encrypt("secret", "a/b");
        Files.delete(folder.path().resolve(KeysetFolder.INGEST));

        assertThatThrownBy(() -> reader.decrypt(ciphertext, "c/d"))
                .isInstanceOf(SecretUnreadableException.class);
        assertThat(reader.decrypt(ciphertext, "a/b")).isEqualTo("secret");
    }

    @Test
    void retiresNoKeyThatIsInUse() {
        long key = editor.keys(Keyset.READERS).primary();
        assertThatThrownBy(() -> editor.retire(Keyset.READERS, key))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("readers");
        assertThatThrownBy(() -> editor.promote(Keyset.READERS, 1))
                .isInstanceOf(IllegalStateException.class);
    }

    @Test
    void tellsWhichKeysAreHeld() throws IOException {
        assertThat(folder.held())
                .extracting(HeldKeys::keyset)
                .containsExactly("ingest", "readers", "connections", "connections.public");
        Files.delete(folder.path().resolve(KeysetFolder.CONNECTIONS));
        assertThat(folder.held())
                .extracting(HeldKeys::keyset)
                .containsExactly("ingest", "readers", "connections.public");
        assertThat(KeysetEditor.canEdit(folder)).isFalse();
    }

    private interface Used {
        String seal(String secret);

        String open(String ciphertext);
    }

    private Used used(Keyset keyset) {
        if (keyset == Keyset.CONNECTIONS) {
            SecretSealer sealer = folder.connectionsSealer();
            SecretOpener opener = folder.connectionsOpener();
            return new Used() {
                @Override
                public String seal(String secret) {
                    return sealer.seal(secret, "a/b");
                }

                @Override
                public String open(String ciphertext) {
                    return opener.open(ciphertext, "a/b");
                }
            };
        }
        SecretCipher cipher = keyset == Keyset.INGEST ? folder.ingest() : folder.readers();
        return new Used() {
            @Override
            public String seal(String secret) {
                return cipher.encrypt(secret, "a/b");
            }

            @Override
            public String open(String ciphertext) {
                return cipher.decrypt(ciphertext, "a/b");
            }
        };
    }
}

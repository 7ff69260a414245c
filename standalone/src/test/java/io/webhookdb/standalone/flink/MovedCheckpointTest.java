package io.webhookdb.standalone.flink;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MovedCheckpointTest {
    private static final String SHARED =
            "0123456789abcdef0123456789abcdef/shared/91a4b4f2-0001-4f2e-8f6e-aabbccddeeff";

    @TempDir Path folder;
    private Path root;
    private Path metadata;

    @BeforeEach
    void hasASharedFile() throws IOException {
        root = folder.resolve("größer");
        Files.createDirectories(root.resolve(SHARED).getParent());
        Files.writeString(root.resolve(SHARED), "state");
        metadata = root.resolve("_metadata");
    }

    @Test
    void namesFilesWhereTheyAreNow() throws IOException {
        String other = "file:/formerly/" + SHARED + " in a payload";
        Files.write(metadata, strings("file:/former ly/" + SHARED, other, "file:/x", "end"));

        assertThat(MovedCheckpoint.settle(metadata, root)).isTrue();

        assertThat(read(4)).containsExactly("file:" + root + "/" + SHARED, other, "file:/x", "end");
        assertThat(MovedCheckpoint.settle(metadata, root)).isTrue();
    }

    @Test
    void refusesACheckpointWhoseFilesStayedBehind() throws IOException {
        byte[] before =
                strings(
                        "file:/formerly/" + SHARED,
                        "file:/formerly/" + SHARED.replace("91a4", "91a5"));
        Files.write(metadata, before);

        assertThat(MovedCheckpoint.settle(metadata, root)).isFalse();

        assertThat(metadata).hasBinaryContent(before);
    }

    @Test
    void takesStateInTheMetadataForNoFile() throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        DataOutputStream out = new DataOutputStream(bytes);
        out.writeUTF("000009.sst");
        out.writeByte(1);
        out.writeUTF("file:/formerly/" + SHARED.replace("91a4", "91a5"));
        Files.write(metadata, bytes.toByteArray());

        assertThat(MovedCheckpoint.settle(metadata, root)).isTrue();

        assertThat(metadata).hasBinaryContent(bytes.toByteArray());
    }

    private static byte[] strings(String... strings) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        DataOutputStream out = new DataOutputStream(bytes);
        for (String string : strings) {
            out.writeByte(2);
            out.writeLong(string.length());
            out.writeUTF(string);
        }
        return bytes.toByteArray();
    }

    private String[] read(int count) throws IOException {
        DataInputStream in =
                new DataInputStream(new ByteArrayInputStream(Files.readAllBytes(metadata)));
        String[] strings = new String[count];
        for (int i = 0; i < count; i++) {
            assertThat(in.readByte()).isEqualTo((byte) 2);
            assertThat(in.readLong()).isLessThan(200);
            strings[i] = in.readUTF();
        }
        assertThat(in.read()).isEqualTo(-1);
        return strings;
    }
}

package io.webhookdb.standalone;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DataDirectoryTest {
    @TempDir Path folder;

    @Test
    void saysWhyAFolderCannotBeUsed() throws Exception {
        Path file = Files.writeString(folder.resolve("file"), "x");

        assertThatThrownBy(() -> DataDirectory.check(file))
                .hasMessageContaining("Data folder " + file + " cannot be used")
                .hasMessageContaining("is no folder")
                .hasMessageContaining("--data");
        assertThatThrownBy(() -> DataDirectory.check(file.resolve("below")))
                .hasMessageContaining("Not a directory");
        Path twice = folder.resolve("one,two");
        assertThatThrownBy(() -> DataDirectory.check(twice))
                .hasMessageContaining("Data folder " + twice + " cannot be used")
                .hasMessageContaining("comma");
        assertThat(twice).doesNotExist();
    }

    @Test
    void checksWithoutTakingTheFolder() throws Exception {
        Path data = folder.resolve("data");
        DataDirectory.check(data);
        assertThat(data).isEmptyDirectory();

        try (DataDirectory taken = DataDirectory.open(data)) {
            assertThat(taken.root()).isEqualTo(data.toRealPath());
            DataDirectory.check(data);
            assertThatThrownBy(() -> DataDirectory.open(data)).hasMessageContaining("in use");
        }
    }
}

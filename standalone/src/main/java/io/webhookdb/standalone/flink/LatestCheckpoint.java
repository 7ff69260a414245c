package io.webhookdb.standalone.flink;

import java.io.DataInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.apache.flink.runtime.checkpoint.Checkpoints;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Finds the checkpoint a restart continues from: the newest below a folder whose metadata is
 * complete. A process killed while it wrote one leaves half of it, which is passed over. One of a
 * folder that was moved is brought to where the folder is.
 */
final class LatestCheckpoint {
    private static final Logger LOG = LoggerFactory.getLogger(LatestCheckpoint.class);
    private static final String METADATA = "_metadata";

    private LatestCheckpoint() {}

    /** The folder of the newest complete checkpoint below {@code root}. */
    static Optional<Path> below(Path root) throws IOException {
        if (!Files.isDirectory(root)) {
            return Optional.empty();
        }
        List<Path> candidates;
        try (Stream<Path> files = Files.walk(root, 3)) {
            candidates =
                    files.filter(file -> file.endsWith(METADATA))
                            .sorted(Comparator.comparing(LatestCheckpoint::modified).reversed())
                            .toList();
        }
        return candidates.stream()
                .filter(metadata -> isComplete(metadata, root))
                .map(Path::getParent)
                .findFirst();
    }

    private static FileTime modified(Path file) {
        try {
            return Files.getLastModifiedTime(file);
        } catch (IOException e) {
            return FileTime.fromMillis(0);
        }
    }

    private static boolean isComplete(Path metadata, Path root) {
        return isWhole(metadata) && isHere(metadata, root);
    }

    private static boolean isHere(Path metadata, Path root) {
        try {
            if (MovedCheckpoint.settle(metadata, root.toAbsolutePath())) {
                return true;
            }
            LOG.warn(
                    "Checkpoint {} has files that are not in its folder, looking for an older one.",
                    metadata);
            return false;
        } catch (IOException e) {
            LOG.warn("Checkpoint {} cannot be used, looking for an older one.", metadata, e);
            return false;
        }
    }

    private static boolean isWhole(Path metadata) {
        try (DataInputStream in = new DataInputStream(Files.newInputStream(metadata))) {
            Checkpoints.loadCheckpointMetadata(
                    in, LatestCheckpoint.class.getClassLoader(), metadata.toString());
            return true;
        } catch (IOException | RuntimeException e) {
            LOG.warn("Checkpoint {} is incomplete, looking for an older one.", metadata);
            return false;
        }
    }
}

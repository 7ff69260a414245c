package io.webhookdb.cli.command;

import io.webhookdb.cli.CliFailure;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** The text of a file a command line names. */
final class GivenFile {
    /** Largest file in bytes; the server takes no more. */
    private static final long LARGEST = 1 << 20;

    private GivenFile() {}

    /**
     * @param label what the manual calls it
     * @param hint what it is
     */
    static String text(String label, String name, String hint) {
        Path path = Path.of(Given.required(label, name, hint));
        try {
            if (Files.size(path) > LARGEST) {
                throw CliFailure.usage(path + " is larger than " + LARGEST + " bytes.");
            }
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(Files.readAllBytes(path)))
                    .toString();
        } catch (NoSuchFileException e) {
            throw CliFailure.usage("There is no file " + path + ".", e);
        } catch (CharacterCodingException e) {
            throw CliFailure.usage(path + " is no text in UTF-8.", e);
        } catch (IOException e) {
            throw CliFailure.usage("The file " + path + " cannot be read.", e);
        }
    }

    /**
     * The texts of the files of a folder whose names end so, by name.
     *
     * @param label what the manual calls the folder
     */
    static Map<String, String> texts(String label, String name, String ending) {
        Path folder = Path.of(Given.required(label, name, "It is a folder."));
        List<Path> files;
        try (Stream<Path> all = Files.list(folder)) {
            files = all.filter(file -> file.toString().endsWith(ending)).sorted().toList();
        } catch (IOException e) {
            throw CliFailure.usage("The folder " + folder + " cannot be read.", e);
        }
        if (files.isEmpty()) {
            throw CliFailure.usage("The folder " + folder + " has no file *" + ending + ".");
        }
        Map<String, String> texts = new LinkedHashMap<>();
        for (Path file : files) {
            texts.put(file.getFileName().toString(), text(label, file.toString(), "It is a file."));
        }
        return texts;
    }
}

package io.webhookdb.cli.command;

import io.webhookdb.cli.CliFailure;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

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
}

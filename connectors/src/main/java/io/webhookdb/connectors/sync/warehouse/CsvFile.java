package io.webhookdb.connectors.sync.warehouse;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStreamWriter;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.GZIPOutputStream;

/**
 * Rows as compressed CSV: every value quoted, and an unquoted word of the caller's choice for NULL,
 * which keeps it apart from an empty text.
 */
public final class CsvFile {
    private CsvFile() {}

    /**
     * One file of rows.
     *
     * @param nullWord stands for NULL; may be empty
     */
    public static byte[] gzipped(List<List<String>> rows, String nullWord) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (Writer csv = new OutputStreamWriter(new GZIPOutputStream(bytes), UTF_8)) {
            for (List<String> row : rows) {
                write(row, nullWord, csv);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }

    /**
     * Rows in files of about the same size, since a warehouse reads them in parallel and is done
     * with the last one.
     *
     * @param mostCharacters about the most of one file
     */
    public static List<List<List<String>>> evenly(List<List<String>> rows, long mostCharacters) {
        long all = rows.stream().mapToLong(CsvFile::length).sum();
        long files = Math.max(1, (all + mostCharacters - 1) / mostCharacters);
        long share = (all + files - 1) / files;
        List<List<List<String>>> parts = new ArrayList<>();
        List<List<String>> part = new ArrayList<>();
        long length = 0;
        for (List<String> row : rows) {
            if (!part.isEmpty() && length + length(row) / 2 > share) {
                parts.add(part);
                part = new ArrayList<>();
                length = 0;
            }
            part.add(row);
            length += length(row);
        }
        parts.add(part);
        return parts;
    }

    /** Bytes of a row in a file, where quotes are doubled; but for the words for NULL. */
    static long bytes(List<String> row) {
        long bytes = 0;
        for (String cell : row) {
            bytes += 3;
            for (int i = 0; cell != null && i < cell.length(); i++) {
                char c = cell.charAt(i);
                // A surrogate is half of four bytes.
                boolean isTwo = c == '"' || (c >= 0x80 && c < 0x800) || Character.isSurrogate(c);
                bytes += isTwo ? 2 : c < 0x80 ? 1 : 3;
            }
        }
        return bytes;
    }

    private static long length(List<String> row) {
        long length = 0;
        for (String cell : row) {
            length += 3L + (cell == null ? 0 : cell.length());
        }
        return length;
    }

    private static void write(List<String> row, String nullWord, Writer csv) throws IOException {
        for (int i = 0; i < row.size(); i++) {
            if (i > 0) {
                csv.write(',');
            }
            String cell = row.get(i);
            if (cell == null) {
                csv.write(nullWord);
            } else {
                csv.write('"');
                csv.write(cell.replace("\"", "\"\""));
                csv.write('"');
            }
        }
        csv.write('\n');
    }
}

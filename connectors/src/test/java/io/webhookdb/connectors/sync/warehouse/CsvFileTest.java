package io.webhookdb.connectors.sync.warehouse;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Test;

class CsvFileTest {
    @Test
    void keepsNullApartFromEmptyAndFromItsOwnWord() throws Exception {
        byte[] file =
                CsvFile.gzipped(
                        List.of(
                                Arrays.asList("a", null, "", "N"),
                                List.of("say \"hi\"", "a,b", "x\ny", "ü")),
                        "N");
        assertThat(new GZIPInputStream(new ByteArrayInputStream(file)).readAllBytes())
                .asString(UTF_8)
                .isEqualTo("\"a\",N,\"\",\"N\"\n\"say \"\"hi\"\"\",\"a,b\",\"x\ny\",\"ü\"\n");
    }

    @Test
    void knowsHowManyBytesARowWillHave() throws Exception {
        List<String> row = List.of("say \"hi\"", "a,b", "ü€", "\ud83d\ude00", "");
        byte[] file =
                new GZIPInputStream(new ByteArrayInputStream(CsvFile.gzipped(List.of(row), "")))
                        .readAllBytes();
        assertThat(CsvFile.bytes(row)).isEqualTo(file.length);
    }

    @Test
    void cutsRowsIntoFilesOfAboutOneSizeInTheirOrder() {
        List<List<String>> rows =
                IntStream.range(0, 100).mapToObj(i -> List.of(i + "x".repeat(97))).toList();
        List<List<List<String>>> files = CsvFile.evenly(rows, 3_000);
        assertThat(files).hasSize(4).allSatisfy(file -> assertThat(file).hasSizeBetween(23, 27));
        assertThat(files.stream().flatMap(List::stream)).containsExactlyElementsOf(rows);
    }

    @Test
    void makesOneFileOfOneRow() {
        List<List<String>> rows = List.of(List.of("x".repeat(100)));
        assertThat(CsvFile.evenly(rows, 10)).containsExactly(rows);
    }
}

package io.webhookdb.ingest.spool;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.webhookdb.schemas.event.Event;
import io.webhookdb.schemas.event.EventIds;
import io.webhookdb.schemas.event.Origin;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SpoolTest {
    private static final long LIMIT = 1 << 20;

    private final EventIds ids = new EventIds();
    @TempDir Path folder;

    @Test
    void givesBackWholeEventsInTheirOrder() throws Exception {
        List<Event> events = IntStream.range(0, 1000).mapToObj(this::event).toList();
        try (Spool spool = open()) {
            assertThat(keep(spool, events)).containsOnly(SpoolResult.KEPT);
            assertThat(spool.records()).isEqualTo(1000);
            assertThat(spool.oldestMicros()).isEqualTo(events.get(0).receivedAtMicros());

            List<Event> drained = drain(spool);

            assertThat(drained).usingRecursiveComparison().isEqualTo(events);
            assertThat(spool.isEmpty()).isTrue();
            assertThat(spool.bytes()).isZero();
            assertThat(spool.oldestMicros()).isZero();
            assertThat(files()).isEmpty();
        }
    }

    @Test
    void goesOnWhereItWasDrainedAfterARestart() throws Exception {
        List<Event> events = IntStream.range(0, 10).mapToObj(this::event).toList();
        try (Spool spool = open()) {
            keep(spool, events);
            spool.next(4, LIMIT, 0);
            spool.drained(4);
            spool.next(3, LIMIT, 0);
        }
        try (Spool spool = open()) {
            assertThat(spool.records()).isEqualTo(6);
            Event later = event(10);
            keep(spool, List.of(later));
            List<Event> expected = new ArrayList<>(events.subList(4, 10));
            expected.add(later);
            assertThat(drain(spool)).usingRecursiveComparison().isEqualTo(expected);
        }
        try (Spool spool = open()) {
            assertThat(spool.isEmpty()).isTrue();
        }
    }

    @Test
    void repeatsRatherThanLosesWhereThePlaceIsDamaged() throws Exception {
        List<Event> events = IntStream.range(0, 4).mapToObj(this::event).toList();
        try (Spool spool = open()) {
            keep(spool, events);
            spool.next(2, LIMIT, 0);
            spool.drained(2);
        }
        flipLastByte(folder.resolve("cursor"));
        try (Spool spool = open()) {
            assertThat(drain(spool)).hasSize(4);
        }
    }

    @Test
    void ignoresWhatACrashLeftHalfWritten() throws Exception {
        List<Event> events = IntStream.range(0, 3).mapToObj(this::event).toList();
        try (Spool spool = open()) {
            keep(spool, events);
        }
        Path file = files().get(0);
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            channel.truncate(channel.size() - 1);
        }
        Event later = event(3);
        try (Spool spool = open()) {
            assertThat(spool.records()).isEqualTo(2);
            keep(spool, List.of(later));
        }
        try (Spool spool = open()) {
            assertThat(drain(spool))
                    .usingRecursiveComparison()
                    .isEqualTo(List.of(events.get(0), events.get(1), later));
        }
    }

    @Test
    void ignoresATailWhoseBytesAreNotThoseThatWereWritten() throws Exception {
        try (Spool spool = open()) {
            keep(spool, List.of(event(0), event(1)));
        }
        flipLastByte(files().get(0));
        try (Spool spool = open()) {
            assertThat(drain(spool)).hasSize(1);
        }
    }

    @Test
    void keepsTheOldestAndRefusesTheRestWhenFull() throws Exception {
        byte[] large = new byte[100_000];
        try (Spool spool = open()) {
            List<Event> events =
                    IntStream.range(0, 20).mapToObj(number -> event(number, large)).toList();
            List<SpoolResult> results = keep(spool, events);

            assertThat(results.subList(0, 10)).containsOnly(SpoolResult.KEPT);
            assertThat(results.subList(10, 20)).containsOnly(SpoolResult.FULL);
            assertThat(spool.bytes()).isLessThanOrEqualTo(LIMIT);
            assertThat(drain(spool))
                    .usingRecursiveComparison()
                    .isEqualTo(events.subList(0, 10));
            assertThat(keep(spool, events.subList(10, 11))).containsOnly(SpoolResult.KEPT);
        }
    }

    @Test
    void setsADamagedFileAsideAndGoesOn() throws Exception {
        try (Spool spool = open()) {
            byte[] large = new byte[100_000];
            keep(spool, List.of(event(0, large)));
            keep(spool, List.of(event(1, large)));
            flipLastByte(files().get(0));

            assertThat(drain(spool)).extracting(Event::path).containsExactly("/1");
        }
        try (Stream<Path> entries = Files.list(folder)) {
            assertThat(entries.filter(entry -> entry.toString().endsWith(".damaged"))).hasSize(1);
        }
    }

    @Test
    void letsOnlyItsOwnerRead() throws Exception {
        Path inner = folder.resolve("inner");
        try (Spool spool = Spool.open(new SpoolSettings(inner, LIMIT, Duration.ofMillis(500)))) {
            keep(spool, List.of(event(0)));
            spool.refuse(event(1));
            assertThat(Files.getPosixFilePermissions(inner))
                    .isEqualTo(PosixFilePermissions.fromString("rwx------"));
            try (Stream<Path> entries = Files.list(inner)) {
                assertThat(entries.toList())
                        .hasSize(4)
                        .allSatisfy(
                                file ->
                                        assertThat(Files.getPosixFilePermissions(file))
                                                .isEqualTo(
                                                        PosixFilePermissions.fromString(
                                                                "rw-------")));
            }
            assertThat(spool.refused()).isEqualTo(1);
        }
    }

    @Test
    void isForOneProcessOnly() {
        try (Spool spool = open()) {
            assertThat(spool.isEmpty()).isTrue();
            assertThatThrownBy(this::open).hasMessageContaining("in use by another process");
        }
    }

    @Test
    void namesALimitThatIsNone() {
        assertThatThrownBy(() -> new SpoolSettings(folder, 5, Duration.ofMillis(500)))
                .hasMessage("The spool's limit is 5 bytes, allowed are 1048576 to 17592186044416");
    }

    private Spool open() {
        return Spool.open(new SpoolSettings(folder, LIMIT, Duration.ofMillis(500)));
    }

    private static List<SpoolResult> keep(Spool spool, List<Event> events) {
        return events.stream()
                .map(
                        event -> {
                            CompletableFuture<SpoolResult> result = new CompletableFuture<>();
                            spool.append(event, result::complete);
                            return result;
                        })
                .toList()
                .stream()
                .map(CompletableFuture::join)
                .toList();
    }

    private static List<Event> drain(Spool spool) throws InterruptedException {
        List<Event> drained = new ArrayList<>();
        List<Event> events = spool.next(7, LIMIT, 0);
        while (!events.isEmpty()) {
            drained.addAll(events);
            spool.drained(events.size());
            events = spool.next(7, LIMIT, 0);
        }
        return drained;
    }

    private List<Path> files() throws IOException {
        try (Stream<Path> entries = Files.list(folder)) {
            return entries.filter(file -> file.toString().endsWith(Segment.SUFFIX))
                    .sorted()
                    .toList();
        }
    }

    private static void flipLastByte(Path file) throws IOException {
        byte[] bytes = Files.readAllBytes(file);
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            channel.write(
                    ByteBuffer.wrap(new byte[] {(byte) ~bytes[bytes.length - 1]}),
                    bytes.length - 1);
        }
    }

    private Event event(int number) {
        return event(number, ("{\"n\":" + number + ",\"ä\":1}").getBytes(UTF_8));
    }

    private Event event(int number, byte[] body) {
        return new Event(
                ids.next(),
                "svi_a",
                3,
                1_700_000_000_000_000L + number,
                Origin.WEBHOOK,
                "POST",
                "/" + number,
                "a=b",
                "application/json",
                Map.of("x-kept", "ünïcode " + number),
                "verified",
                body);
    }
}

package io.webhookdb.standalone.flink;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.apache.flink.api.common.functions.OpenContext;
import org.apache.flink.api.common.state.ValueState;
import org.apache.flink.api.common.state.ValueStateDescriptor;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.streaming.api.functions.KeyedProcessFunction;
import org.apache.flink.streaming.api.functions.sink.v2.DiscardingSink;
import org.apache.flink.util.Collector;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LocalFlinkITCase {
    private static final Duration LIMIT = Duration.ofSeconds(60);
    private static final int KEYS = 8;

    /** More than goes into the metadata itself. */
    private static final int BYTES = 64 << 10;

    @Test
    void continuesWhereverItsFolderIs(@TempDir Path folder) throws Exception {
        Path first = Files.createDirectories(folder.resolve("first place é"));
        Path marker = folder.resolve("known");
        run(first, marker, flink -> await().atMost(LIMIT).until(() -> hasCheckpoint(first)));
        assertThat(marker).as("nothing to know at first").doesNotExist();
        assertThat(folder).as("written to nowhere else").isDirectoryContaining(first::equals);
        assertThat(folder.toFile().list()).hasSize(1);

        Path second = Files.move(first, folder.resolve("second % place"));
        run(second, marker, flink -> await().atMost(LIMIT).until(() -> Files.exists(marker)));
    }

    private static void run(Path folder, Path marker, Consumer<LocalFlink> meanwhile) {
        try (LocalFlink flink = LocalFlink.start(folder, 0)) {
            LocalFlink.RunningJob job = flink.submit("one", 1, env -> remember(env, marker));
            await().atMost(LIMIT).until(job::isRunning);
            meanwhile.accept(flink);
            flink.stop(job);
        }
    }

    private static void remember(StreamExecutionEnvironment env, Path marker) {
        env.fromSequence(0, Long.MAX_VALUE)
                .keyBy(number -> number % KEYS)
                .process(new Remembering(marker.toString()))
                .uid("remembering")
                .sinkTo(new DiscardingSink<>());
    }

    private static boolean hasCheckpoint(Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(folder.resolve("checkpoints"))) {
            Set<String> found = new HashSet<>();
            files.filter(Files::isRegularFile)
                    .forEach(
                            file -> {
                                found.add(file.getFileName().toString());
                                found.add(file.getParent().getFileName().toString());
                            });
            return found.containsAll(Set.of("_metadata", "shared"));
        } catch (UncheckedIOException goneMeanwhile) {
            return false;
        }
    }

    /** Says so when it finds what it kept before it was started. */
    private static final class Remembering extends KeyedProcessFunction<Long, Long, Long> {
        private static final long serialVersionUID = 1L;
        private final String marker;
        private transient ValueState<byte[]> kept;
        private transient Set<Long> seen;

        Remembering(String marker) {
            this.marker = marker;
        }

        @Override
        public void open(OpenContext context) {
            seen = new HashSet<>();
            kept = getRuntimeContext().getState(new ValueStateDescriptor<>("kept", byte[].class));
        }

        @Override
        public void processElement(Long number, Context context, Collector<Long> out)
                throws IOException {
            if (!seen.add(context.getCurrentKey())) {
                LockSupport.parkNanos(TimeUnit.MICROSECONDS.toNanos(50));
            } else if (kept.value() == null) {
                byte[] random = new byte[BYTES];
                new Random(number).nextBytes(random);
                kept.update(random);
            } else {
                Files.writeString(Path.of(marker), "known");
            }
        }
    }

    /** Somebody at the machine may look at any page while this runs. */
    @Test
    void letsNoPageOfAnotherOriginReadItsJobs(@TempDir Path folder) throws Exception {
        try (LocalFlink flink = LocalFlink.start(folder, 0)) {
            HttpResponse<String> answer =
                    HttpClient.newHttpClient()
                            .send(
                                    HttpRequest.newBuilder(
                                                    URI.create(flink.url() + "/jobs/overview"))
                                            .header("Origin", "https://evil.example")
                                            .build(),
                                    HttpResponse.BodyHandlers.ofString());

            assertThat(answer.statusCode()).isEqualTo(200);
            assertThat(answer.headers().firstValue("Access-Control-Allow-Origin").orElse(""))
                    .isNotEqualTo("*")
                    .doesNotContain("evil");
        }
    }
}

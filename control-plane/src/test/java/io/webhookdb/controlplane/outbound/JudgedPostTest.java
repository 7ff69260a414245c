package io.webhookdb.controlplane.outbound;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.webhookdb.controlplane.outbound.JudgedPost.Answer;
import io.webhookdb.security.outbound.OutboundPolicy;
import io.webhookdb.security.outbound.OutboundRefusedException;
import io.webhookdb.security.outbound.UserAgent;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
final class JudgedPostTest {
    private static final Duration LIMIT = Duration.ofSeconds(1);

    private final JudgedPost post =
            new JudgedPost(OutboundPolicy.parse("127.0.0.0/8 ::1/128"), LIMIT);
    private final List<String> received = new CopyOnWriteArrayList<>();
    private final ServerSocket server;

    JudgedPostTest() throws IOException {
        server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    }

    @AfterEach
    void stop() throws IOException {
        server.close();
    }

    /** What a receiver does with the connection once it has read the request's head. */
    private interface Manner {
        void answer(OutputStream out) throws IOException;
    }

    private URI receiver(Manner manner) {
        Thread thread = new Thread(() -> serve(manner), "receiver");
        thread.setDaemon(true);
        thread.start();
        return URI.create("http://localhost:" + server.getLocalPort() + "/hook?a=b");
    }

    private void serve(Manner manner) {
        while (!server.isClosed()) {
            try (Socket socket = server.accept()) {
                BufferedReader in =
                        new BufferedReader(
                                new InputStreamReader(socket.getInputStream(), US_ASCII));
                for (String line = in.readLine(); !line.isEmpty(); line = in.readLine()) {
                    received.add(line);
                }
                manner.answer(socket.getOutputStream());
            } catch (IOException e) {
                // The sender has had enough, or the test is over.
                continue;
            }
        }
    }

    private static Manner saying(String answer) {
        return out -> {
            out.write(answer.getBytes(US_ASCII));
            out.flush();
        };
    }

    private Answer send(URI target) throws IOException {
        return post.send(target, Map.of("Content-Type", "application/json"), new byte[] {'{', '}'});
    }

    @Test
    void postsUnderTheNameOfTheUrl() throws Exception {
        URI target = receiver(saying("HTTP/1.1 204 No Content\r\n\r\n"));

        assertThat(send(target).isTaken()).isTrue();

        assertThat(received)
                .contains(
                        "POST /hook?a=b HTTP/1.1",
                        "Host: localhost:" + target.getPort(),
                        "Content-Type: application/json",
                        "Content-Length: 2",
                        "User-Agent: " + UserAgent.VALUE)
                .noneMatch(line -> line.startsWith("Cookie") || line.startsWith("Accept-Encoding"));
    }

    @Test
    void leavesRedirectsToItsCaller() throws Exception {
        Answer answer =
                send(
                        receiver(
                                saying(
                                        "HTTP/1.1 302 Found\r\nLocation: /b\r\n"
                                                + "Content-Length: 0\r\n\r\n")));

        assertThat(answer).isEqualTo(new Answer(302, "/b"));
        assertThat(received.stream().filter(line -> line.startsWith("POST"))).hasSize(1);
    }

    @Test
    void waitsNoLongerThanItsLimit() {
        // The next connection, which never comes.
        failsWith(out -> server.accept().close(), "did not answer within 1 seconds");
    }

    @Test
    void isNotHeldUpByAnAnswerThatComesByteByByte() {
        failsWith(
                out -> {
                    for (String each = "HTTP/1.1 200 OK\r\nX: "; ; each = "x") {
                        saying(each).answer(out);
                        java.util.concurrent.locks.LockSupport.parkNanos(20_000_000);
                    }
                },
                "did not answer within 1 seconds");
    }

    @Test
    void readsNoBody() throws Exception {
        Answer answer =
                send(
                        receiver(
                                out -> {
                                    saying("HTTP/1.1 200 OK\r\n\r\n").answer(out);
                                    while (true) {
                                        out.write(new byte[1 << 16]);
                                    }
                                }));

        assertThat(answer.status()).isEqualTo(200);
    }

    @Test
    void saysWhatIsNotHttp() {
        failsWith(saying("220 mail.example.org ESMTP\r\n"), "is not HTTP");
    }

    private void failsWith(Manner manner, String why) {
        URI target = receiver(manner);
        assertThatThrownBy(() -> send(target))
                .isInstanceOf(IOException.class)
                .hasMessageContaining(why)
                .message()
                .doesNotContain("hook");
    }

    @Test
    void callsNobodyWhoMayNotBeCalled() {
        JudgedPost strict = new JudgedPost(OutboundPolicy.parse(""), LIMIT);
        URI target = receiver(saying("HTTP/1.1 200 OK\r\n\r\n"));

        assertThatThrownBy(() -> strict.send(target, Map.of(), new byte[0]))
                .isInstanceOf(OutboundRefusedException.class);
        assertThat(received).isEmpty();
    }

    @Test
    void sendsNoHeaderThatCouldEndIt() {
        assertThatThrownBy(
                        () ->
                                post.send(
                                        URI.create("http://127.0.0.1:1/"),
                                        Map.of("X-A", "a\r\nX-B: b"),
                                        new byte[0]))
                .hasMessageContaining("header X-A cannot be sent");
    }
}

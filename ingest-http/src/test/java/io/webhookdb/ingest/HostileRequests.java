package io.webhookdb.ingest;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.ByteArrayOutputStream;
import java.util.List;
import java.util.Random;

/** Makes what no well-behaved client sends, the same for the same seed. */
final class HostileRequests {
    private static final List<String> METHODS =
            List.of(
                    "POST", "POST", "POST", "POST", "GET", "PUT", "DELETE", "PATCH", "OPTIONS",
                    "HEAD", "CONNECT", "TRACE", "PRI", "post", "P\u0000ST", "", "X".repeat(9000));
    private static final List<String> VERSIONS =
            List.of(
                    "HTTP/1.1",
                    "HTTP/1.1",
                    "HTTP/1.1",
                    "HTTP/1.1",
                    "HTTP/1.0",
                    "HTTP/0.9",
                    "HTTP/2.0",
                    "HTTP/9.9",
                    "HTTP/-1",
                    "HTTP/1.1.1",
                    "http/1.1",
                    "SSH",
                    "");
    private static final List<String> HEADERS =
            List.of(
                    "Content-Length: -1",
                    "Content-Length: 99999999999999999999",
                    "Content-Length: 2147483648",
                    "Content-Length: 1e3",
                    "Content-Length: 0x10",
                    "Content-Length: 5\r\nContent-Length: 7",
                    "Content-Length: 5, 5",
                    "Content-Length: +5",
                    "Content-Length:\r\n 5",
                    "Transfer-Encoding: chunked\r\nContent-Length: 4",
                    "Transfer-Encoding: chunked, identity",
                    "Transfer-Encoding: xchunked",
                    "Transfer-Encoding:\u000bchunked",
                    "Transfer-Encoding: gzip",
                    "Expect: 100-continue",
                    "Expect: 200-maybe",
                    "Connection: close, keep-alive, upgrade",
                    "Upgrade: h2c\r\nConnection: Upgrade, HTTP2-Settings\r\nHTTP2-Settings: AAMA",
                    "Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Key: AAAA",
                    "Content-Encoding: gzip",
                    "Content-Type: \u0000",
                    "Content-Type: application/json; charset=\"" + "x".repeat(3000),
                    "No colon here",
                    ": no name",
                    "Bad name: x",
                    "X-Nul: a\u0000b",
                    "X-Cr: a\rb",
                    "X-Bytes: \u00ff\u00fe\u0080",
                    " X-Folded: y",
                    "X-Long: " + "y".repeat(20_000),
                    "Host:",
                    "Host: a\r\nHost: b",
                    "Host: [::1",
                    "X-Forwarded-For: ::::::, 1.2.3, " + "9".repeat(500),
                    "Stripe-Signature: t=,v1=,v1=zz,t=" + "9".repeat(400),
                    "Stripe-Signature: t=99999999999999999999,v1=00",
                    "X-Shopify-Hmac-Sha256: =====",
                    "User-Agent: " + "Mozilla".repeat(50),
                    "Cookie: " + "a=b; ".repeat(500),
                    "traceparent: 00-zz-zz-zz",
                    "whdb-logged-webhook-retry: 1");
    private static final List<String> CHUNKS =
            List.of(
                    "ffffffffffffffff\r\nabc\r\n0\r\n\r\n",
                    "-5\r\nabcde\r\n0\r\n\r\n",
                    "5;" + "e".repeat(9000) + "\r\nabcde\r\n0\r\n\r\n",
                    "5\r\nabcdeXX0\r\n\r\n",
                    "5\nabcde\n0\n\n",
                    "zz\r\n",
                    "\r\n\r\n",
                    "7fffffff\r\nabc",
                    "2\r\n{}\r\n0\r\nTrailer: " + "t".repeat(20_000) + "\r\n\r\n",
                    "2\r\n{}\r\n0\r\nContent-Length: 9\r\n\r\n",
                    "1\r\n{\r\n".repeat(400) + "0\r\n\r\n",
                    "2\r\n{}\r\n0\r\n\r\n");

    private final Random random;
    private final List<String> paths;

    HostileRequests(long seed, List<String> integrations) {
        this.random = new Random(seed);
        String path = TestingIngest.endpoint(integrations.get(0));
        this.paths =
                List.of(
                        path,
                        path,
                        TestingIngest.endpoint(integrations.get(integrations.size() - 1)),
                        TestingIngest.endpoint("svi_unknown"),
                        path + "?" + "q=%zz&".repeat(200),
                        path + "/../../healthz",
                        path + "%00",
                        "//" + path,
                        "http://other.example.org" + path,
                        "*",
                        "host:80",
                        "/%",
                        "/%c0%af",
                        "/\u00e4\u00ff",
                        "/healthz",
                        "/metrics",
                        "?",
                        "",
                        "/" + "a".repeat(9000));
    }

    /** The bytes of one connection. */
    byte[] next() {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        int kind = random.nextInt(20);
        if (kind == 0) {
            byte[] noise = new byte[random.nextInt(2000)];
            random.nextBytes(noise);
            out.writeBytes(noise);
        } else if (kind == 1) {
            // The beginning of a TLS handshake.
            out.writeBytes(new byte[] {22, 3, 1, 2, 0, 1, 0, 1, (byte) 252, 3, 3});
        } else if (kind == 2) {
            out.writeBytes("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes(ISO_8859_1));
            out.writeBytes(new byte[] {0, 0, 0, 4, 0, 0, 0, 0, 0});
        } else {
            int pipelined = kind == 3 ? 20 : 1;
            for (int i = 0; i < pipelined; i++) {
                out.writeBytes(request());
            }
        }
        byte[] bytes = out.toByteArray();
        if (random.nextInt(4) == 0) {
            for (int i = random.nextInt(5); i >= 0 && bytes.length > 0; i--) {
                bytes[random.nextInt(bytes.length)] = (byte) random.nextInt(256);
            }
        }
        return bytes;
    }

    private byte[] request() {
        StringBuilder text = new StringBuilder();
        text.append(any(METHODS)).append(' ').append(any(paths)).append(' ').append(any(VERSIONS));
        text.append(random.nextInt(30) == 0 ? "\n" : "\r\n").append("Host: x\r\n");
        for (int i = random.nextInt(3); i > 0; i--) {
            text.append(any(HEADERS)).append("\r\n");
        }
        switch (random.nextInt(4)) {
            case 0 -> text.append("Transfer-Encoding: chunked\r\n\r\n").append(any(CHUNKS));
            case 1 -> {
                String body = body();
                text.append("Content-Length: ").append(body.length());
                text.append("\r\n\r\n").append(body);
            }
            case 2 -> {
                String body = body();
                // The rest never comes.
                text.append("Content-Length: ").append(body.length() + 1 + random.nextInt(50));
                text.append("\r\n\r\n").append(body);
            }
            default -> text.append("\r\n");
        }
        return text.toString().getBytes(ISO_8859_1);
    }

    private String body() {
        return switch (random.nextInt(6)) {
            case 0 -> "[".repeat(5_000);
            case 1 -> "{\"a\":".repeat(2_000);
            case 2 -> "\u00ff\u00fe\u0000".repeat(random.nextInt(300));
            case 3 -> "{\"type\":\"" + "\\u0000".repeat(200) + "\"}";
            case 4 -> "x".repeat(random.nextInt(150_000));
            default -> "{}";
        };
    }

    private <T> T any(List<T> choices) {
        return choices.get(random.nextInt(choices.size()));
    }
}

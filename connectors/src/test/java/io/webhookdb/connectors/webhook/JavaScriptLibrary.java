package io.webhookdb.connectors.webhook;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.InputStream;
import java.util.HashMap;
import java.util.Map;
import org.graalvm.polyglot.Context;
import org.graalvm.polyglot.Source;
import org.graalvm.polyglot.Value;
import org.graalvm.polyglot.proxy.ProxyExecutable;
import org.graalvm.polyglot.proxy.ProxyObject;

/** The library of Standard Webhooks for JavaScript, in this process. */
final class JavaScriptLibrary implements AutoCloseable {
    private static final Map<String, String> FILES =
            Map.of(
                    "standardwebhooks", "standardwebhooks/index.js",
                    "./timing_safe_equal", "standardwebhooks/timing_safe_equal.js",
                    "@stablelib/base64", "stablelib-base64/base64.js",
                    "fast-sha256", "fast-sha256/sha256.js");

    /** Part of every browser and of Node, but not of the language. */
    private static final String TEXT_ENCODER =
            """
            globalThis.TextEncoder = class {
              encode(text) {
                return Uint8Array.from(unescape(encodeURIComponent(text)), c => c.charCodeAt(0));
              }
            };
            """;

    private final Context context =
            Context.newBuilder("js").option("engine.WarnInterpreterOnly", "false").build();
    private final Value verifier;

    JavaScriptLibrary() {
        context.eval("js", TEXT_ENCODER);
        verifier =
                context.eval(
                                "js",
                                """
                                library => (secret, body, headers) => {
                                  const given = {};
                                  for (const name of Object.keys(headers)) given[name] = headers[name];
                                  try {
                                    new library.Webhook(secret).verify(body, given);
                                    return '';
                                  } catch (failure) {
                                    return failure.name + ': ' + failure.message;
                                  }
                                }
                                """)
                        .execute(require("standardwebhooks"));
    }

    /**
     * Verifies as a receiver would.
     *
     * @throws SecurityException with the library's error
     */
    void verify(String secret, String body, Map<String, String> headers) {
        Map<String, Object> given = new HashMap<>(headers);
        String failure = verifier.execute(secret, body, ProxyObject.fromMap(given)).asString();
        if (!failure.isEmpty()) {
            throw new SecurityException(failure);
        }
    }

    /** As Node does it, but that nothing is kept. */
    private Value require(String name) {
        Value module = context.eval("js", "({exports: {}})");
        String code = "(function(module, exports, require) {" + read(FILES.get(name)) + "\n})";
        context.eval(Source.newBuilder("js", code, name).buildLiteral())
                .execute(
                        module,
                        module.getMember("exports"),
                        (ProxyExecutable) names -> require(names[0].asString()));
        return module.getMember("exports");
    }

    private static String read(String file) {
        try (InputStream in = JavaScriptLibrary.class.getResourceAsStream("/npm/" + file)) {
            return new String(in.readAllBytes(), UTF_8);
        } catch (IOException e) {
            throw new IllegalStateException(file, e);
        }
    }

    @Override
    public void close() {
        context.close();
    }
}

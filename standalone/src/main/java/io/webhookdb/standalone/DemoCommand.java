package io.webhookdb.standalone;

import io.webhookdb.standalone.demo.Demo;
import java.io.PrintStream;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code demo}: starts everything, runs the main job before the reader's eyes, and leaves it running. */
@Command(
        name = "demo",
        mixinStandardHelpOptions = true,
        description = "Start the whole system and show the main job end to end.")
final class DemoCommand implements Callable<Integer> {
    /** Any six digits do where authentication is skipped, as no code is sent then. */
    private static final String ANY_CODE = "000000";

    @Mixin StandaloneOptions options;

    @Option(names = "--exit", description = "Stop when the demo is over.")
    boolean exit;

    @Override
    public Integer call() throws InterruptedException {
        PrintStream out = System.out;
        Map<String, String> codes = new ConcurrentHashMap<>();
        Lifecycle lifecycle = new Lifecycle(out);
        ReadyFile ready =
                lifecycle.start(
                        options,
                        (email, code) -> {
                            codes.put(email, code);
                            UpCommand.printCode(email, code);
                        });
        try {
            new Demo(ready.apiUrl(), email -> codes.getOrDefault(email, ANY_CODE), out).run();
        } catch (RuntimeException e) {
            lifecycle.stop();
            throw e;
        }
        if (exit) {
            out.println("\nDone. Every step showed what it promised.");
            lifecycle.stop();
            return 0;
        }
        out.println("\nThe system stays up for you to play with; Ctrl-C stops it.");
        lifecycle.awaitStop();
        return 0;
    }
}

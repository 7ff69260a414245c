package io.webhookdb.standalone;

import io.webhookdb.standalone.demo.Demo;
import java.io.PrintStream;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/**
 * {@code demo}: starts everything, runs the main job before the reader's eyes, and leaves it
 * running.
 */
@Command(
        name = "demo",
        mixinStandardHelpOptions = true,
        defaultValueProvider = EnvironmentDefaults.class,
        description = "Start the whole system and show the main job end to end.")
final class DemoCommand implements Callable<Integer> {
    /** Any six digits do where authentication is skipped, as no code is sent then. */
    static final String ANY_CODE = "000000";

    private static final Pattern CODE = Pattern.compile("login code for (\\S+): (\\d{6})");

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
                        line -> {
                            Matcher code = CODE.matcher(line);
                            if (code.find()) {
                                codes.put(code.group(1), code.group(2));
                            }
                            UpCommand.print(line);
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
